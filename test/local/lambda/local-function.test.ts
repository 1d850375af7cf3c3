import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type FunctionDefinition,
  type LocalFunction,
  startFunction,
} from '../../../lib/local/lambda/local-function.ts';

let folder: string;
const functions: LocalFunction[] = [];
const logged: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'function-'));
  logged.length = 0;
});

afterEach(async () => {
  await Promise.all(functions.splice(0).map((running) => running.stop()));
  rmSync(folder, { recursive: true });
});

async function start(changes: Partial<FunctionDefinition> = {}): Promise<LocalFunction> {
  const running = await startFunction({
    label: 'do-things',
    moduleUrl: new URL('../fixtures/handlers/index.mjs', import.meta.url).href,
    exportName: 'handler',
    logFile: join(folder, 'do-things.log'),
    functionName: 'Stack-DoThings',
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Stack-DoThings',
    memoryMegabytes: 512,
    environment: { COLOR: 'blue' },
    timeoutMs: 60_000,
    maxEnvironments: 1,
    onLogged: (line) => void logged.push(line),
    ...changes,
  });
  functions.push(running);
  return running;
}

const ECHO = '{"do":"echo"}';

describe('A function', () => {
  it('is kept loaded between invocations', async () => {
    const { invoke } = await start();
    await invoke(ECHO);
    expect(await invoke('{"do":"echo","n":1}')).toStrictEqual({
      kind: 'returned',
      value: { event: { do: 'echo', n: 1 }, invocationCount: 2 },
    });
  });

  it('has its declared environment, nothing of ours, and a context as in Lambda', async () => {
    const { invoke } = await start();
    const { value } = (await invoke('{"do":"describe"}')) as { value: { remainingMs: number } };
    const { remainingMs, ...rest } = value;
    expect(rest).toStrictEqual({
      environment: { COLOR: 'blue' },
      functionName: 'Stack-DoThings',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:Stack-DoThings',
      memory: '512',
      hasRequestId: true,
    });
    expect(remainingMs).toBeGreaterThan(50_000);
    expect(remainingMs).toBeLessThanOrEqual(60_000);
  });

  it('may return nothing', async () => {
    const { invoke } = await start();
    expect(await invoke('{"do":"nothing"}')).toStrictEqual({ kind: 'returned', value: null });
  });

  it.each([
    ['an error', '{"do":"throw"}', 'TypeError', 'no such thing'],
    ['anything else', '{"do":"throw a text"}', 'Error', 'just so'],
  ])('that throws %s has failed, and goes on with the next event', async (_case, event, name, message) => {
    const { invoke } = await start();
    expect(await invoke(event)).toMatchObject({ kind: 'failed', error: { name, message } });
    expect(await invoke(ECHO)).toMatchObject({ value: { invocationCount: 2 } });
  });

  it.each([
    ['hangs', '{"do":"hang"}'],
    ['never gives up the processor', '{"do":"spin"}'],
  ])('that %s has failed when its time is over, and starts anew', async (_case, event) => {
    const { invoke } = await start({ timeoutMs: 500 });
    expect(await invoke(event)).toStrictEqual({
      kind: 'failed',
      error: { name: 'TimeoutError', message: 'took longer than 0.5 s', stack: '' },
    });
    expect(await invoke(ECHO)).toMatchObject({ value: { invocationCount: 1 } });
  });

  it('that ends its environment has failed, and starts anew', async () => {
    const { invoke } = await start();
    expect(await invoke('{"do":"exit"}')).toMatchObject({
      kind: 'failed',
      error: { name: 'EnvironmentEnded' },
    });
    expect(await invoke(ECHO)).toMatchObject({ value: { invocationCount: 1 } });
  });

  it('runs one invocation at a time in each environment', async () => {
    const { invoke } = await start({ maxEnvironments: 2 });
    const results = await Promise.all([1, 2, 3].map(() => invoke('{"do":"wait","ms":300}')));
    const counts = results.map(
      (result) => (result as { value: { invocationCount: number } }).value.invocationCount,
    );
    expect(counts.toSorted()).toStrictEqual([1, 1, 2]);
  });

  it('writes to its log, and errors are told', async () => {
    const { invoke } = await start();
    await invoke('{"do":"log"}');
    const [first, second] = readFileSync(join(folder, 'do-things.log'), 'utf8').split('\n');
    expect([first, second]).toStrictEqual(['a line', '{"level":"ERROR","message":"a bad line"}']);
    expect(logged).toStrictEqual(['{"level":"ERROR","message":"a bad line"}\n']);
  });

  it('leaves the stack of what it throws in its log', async () => {
    const { invoke } = await start();
    await invoke('{"do":"throw"}');
    expect(readFileSync(join(folder, 'do-things.log'), 'utf8')).toMatch(
      /^TypeError: no such thing\n {4}at .*index\.mjs/,
    );
  });

  it.each([
    [
      'throws',
      { moduleUrl: new URL('../fixtures/handlers/broken.mjs', import.meta.url).href },
      'broken at load',
    ],
    ['has no such export', { exportName: 'main' }, 'exports no main'],
  ])('does not start when its module %s', async (_case, changes, message) => {
    await expect(start(changes)).rejects.toThrow(message);
  });

  it('fails what is under way when it is stopped', async () => {
    const running = await start();
    const result = running.invoke('{"do":"hang"}');
    await running.stop();
    expect(await result).toMatchObject({ kind: 'failed', error: { name: 'EnvironmentEnded' } });
  });
});
