/** Reads the options of `npm run verify:aws`. */

import { parseArgs } from 'node:util';
import { DeploymentError } from '../end-to-end/deployed/deployment-error.ts';
import { STEP_NAMES, type StepName } from './plan.ts';

export interface VerificationOptions {
  readonly steps: ReadonlySet<StepName>;
  /** Where all services answer; `undefined` for AWS. */
  readonly endpoint: string | undefined;
  readonly secondProfile: string | undefined;
  /** Whether the stack stays. */
  readonly keeps: boolean;
  readonly reportFile: string;
  /** How many payments are measured. */
  readonly payments: number;
}

const DEFAULT_PAYMENTS = '120';
const MAX_PAYMENTS = 10_000;

/** @throws {DeploymentError} with one sentence, for an option that is unknown or wrong */
export function parseVerificationOptions(args: readonly string[]): VerificationOptions {
  const { values } = read(args);
  const steps = values.steps === undefined ? STEP_NAMES : values.steps.split(',').map(stepNamed);
  const { endpoint } = values;
  if (endpoint !== undefined && !/^https?:\/\/\S+$/.test(endpoint)) {
    throw new DeploymentError(`--endpoint is ${JSON.stringify(endpoint)}; it must be a URL.`);
  }
  const payments = /^\d{1,6}$/.test(values.payments) ? Number(values.payments) : 0;
  if (payments < 1 || payments > MAX_PAYMENTS) {
    throw new DeploymentError(
      `--payments is ${JSON.stringify(values.payments)}; it must be a whole number from 1 to ${MAX_PAYMENTS}.`,
    );
  }
  return {
    steps: new Set(steps),
    endpoint,
    secondProfile: values['second-profile'],
    keeps: values.keep,
    reportFile: values.report,
    payments,
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        endpoint: { type: 'string' },
        steps: { type: 'string' },
        'second-profile': { type: 'string' },
        payments: { type: 'string', default: DEFAULT_PAYMENTS },
        report: { type: 'string', default: 'verification.md' },
        keep: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new DeploymentError(`${sentence}; see --help.`);
  }
}

function stepNamed(text: string): StepName {
  const found = STEP_NAMES.find((name) => name === text);
  if (found === undefined) {
    throw new DeploymentError(`--steps names ${JSON.stringify(text)}; there are ${STEP_NAMES.join(', ')}.`);
  }
  return found;
}
