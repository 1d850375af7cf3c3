/** What functions report through Powertools, and which lines of their log Lambda gets to see. */

import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** The lines that a function with this level writes, as its environment is in the cloud. */
async function linesOf(logLevel: string, act: (module: Telemetry) => void): Promise<Line[]> {
  const variables = {
    AWS_LAMBDA_LOG_LEVEL: logLevel === 'DEBUG' ? 'DEBUG' : 'INFO',
    POWERTOOLS_LOG_LEVEL: logLevel,
    POWERTOOLS_SERVICE_NAME: 'sweep-accounts',
    POWERTOOLS_METRICS_NAMESPACE: 'SwaptacularAccounts',
    STACK_NAME: 'Second',
  };
  for (const [name, value] of Object.entries(variables)) {
    vi.stubEnv(name, value);
  }
  const written: string[] = [];
  const write = (chunk: string | Uint8Array) => written.push(String(chunk)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
  vi.resetModules();
  act(await import('../../functions/runtime/telemetry.ts'));
  vi.restoreAllMocks();
  return written.map((line) => JSON.parse(line));
}

type Telemetry = typeof import('../../functions/runtime/telemetry.ts');
// biome-ignore lint/suspicious/noExplicitAny: lines of all kinds are read here
type Line = any;

it('Metrics name the function and the stack', async () => {
  const [line] = await linesOf('INFO', ({ telemetry, publishTelemetry }) => {
    telemetry.count('Sweep.accounts.started');
    publishTelemetry();
  });
  const [{ Namespace, Dimensions, Metrics }] = line._aws.CloudWatchMetrics;
  expect([Namespace, Dimensions, Metrics[0].Name, line.service, line.stack]).toStrictEqual([
    'SwaptacularAccounts',
    [['service', 'stack']],
    'Sweep.accounts.started',
    'sweep-accounts',
    'Second',
  ]);
});

it.each([
  ['INFO', ['told', 'warned', 'metrics']],
  ['WARN', ['warned', 'metrics']],
  ['ERROR', ['metrics']],
])('At the level %s, a function writes %s', async (level, expected) => {
  const lines = await linesOf(level, ({ telemetry, publishTelemetry }) => {
    telemetry.info('told', {});
    telemetry.warn('warned', {});
    telemetry.count('Commits');
    publishTelemetry();
  });
  expect(lines.map((line) => line.message ?? (line._aws && 'metrics'))).toStrictEqual(expected);
});
