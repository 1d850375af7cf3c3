/** Runs the end-to-end tests against the deployed stack. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PROJECT_FOLDER } from '../../support/node-program.ts';
import { runNode } from '../child-process.ts';
import type { DeployedPlace } from '../deployed-place.ts';
import type { Outcome } from '../report.ts';

interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const VITEST = join(PROJECT_FOLDER, 'node_modules', 'vitest', 'vitest.mjs');
const MAX_NAMES = 5;

export async function verifyEndToEnd({ target, outputsFile }: DeployedPlace): Promise<Outcome> {
  const file = join(dirname(outputsFile), 'tests.json');
  const { words } = await runNode(
    [VITEST, 'run', '--project', 'end-to-end', '--reporter=json', `--outputFile=${file}`],
    { ...target.environment, E2E_OUTPUTS_FILE: outputsFile },
  );
  const report = readReport(file, words);
  const failed = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ fullName }) => fullName);
  const all = report.numPassedTests + report.numFailedTests;
  if (failed.length > 0 || all === 0) {
    const names = failed.slice(0, MAX_NAMES).join('; ');
    return { kind: 'failed', reason: `${failed.length} of ${all} tests: ${names}` };
  }
  return {
    kind: 'measured',
    findings: [
      ['tests that passed', `${report.numPassedTests}`],
      ['tests that were left out', `${report.numPendingTests}`],
    ],
  };
}

function readReport(file: string, words: string): TestReport {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(`the tests did not run: ${words.trim().split('\n').at(-1)}`);
  }
}
