/** Measures with the benchmark how long a payment takes, one started each second. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { STEP_NAMES, STEPS } from '../../bench/payment-times.ts';
import type { BenchResults } from '../../bench/results.ts';
import { PROJECT_FOLDER } from '../../support/node-program.ts';
import { runNode } from '../child-process.ts';
import type { DeployedPlace } from '../deployed-place.ts';
import type { Finding, Outcome } from '../report.ts';

export async function verifyLatency(place: DeployedPlace, payments: number): Promise<Outcome> {
  const folder = join(dirname(place.outputsFile), 'bench');
  const endpoint = place.target.environment.AWS_ENDPOINT_URL;
  const { status, words } = await runNode(
    [
      join(PROJECT_FOLDER, 'bin', 'bench.ts'),
      ...['--outputs', place.outputsFile, '--pace', '1', '--transfers', `${payments}`, '--folder', folder],
      ...(place.target.isEmulator && endpoint !== undefined ? ['--endpoint', endpoint] : []),
    ],
    place.target.environment,
  );
  if (status !== 0) {
    throw new Error(`the benchmark says: ${words.trim().split('\n').at(-1)}`);
  }
  return {
    kind: 'measured',
    findings: findingsOf(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'))),
  };
}

export function findingsOf({ cases }: Pick<BenchResults, 'cases'>): Finding[] {
  return cases.flatMap(({ times, transferCount }): Finding[] => [
    ['payments', `${transferCount}`],
    ...STEP_NAMES.map((step): Finding => {
      const { p50, p99 } = times[step];
      return [STEPS[step], `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`];
    }),
  ]);
}
