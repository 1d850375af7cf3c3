/** What a verification has found, as a Markdown document. */

import type { CostLine } from '../bench/cost/cost-line.ts';
import { totalOf } from '../bench/cost/cost-line.ts';
import { STEP_TITLES, type StepName } from './plan.ts';

/** One thing that was found out, such as `p50, prepared` and `48 ms`. */
export type Finding = readonly [what: string, value: string];

export type Outcome =
  | { readonly kind: 'measured'; readonly findings: readonly Finding[] }
  | { readonly kind: 'not possible'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

export interface StepResult {
  readonly name: StepName;
  readonly outcome: Outcome;
  readonly seconds: number;
}

export interface Verification {
  /** Where, in words. */
  readonly place: string;
  readonly isEmulator: boolean;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly deployment: DeploymentResult;
  readonly results: readonly StepResult[];
  readonly estimate: readonly CostLine[];
}

export interface DeploymentResult {
  readonly kind: 'destroyed' | 'kept' | 'left behind' | 'not deployed';
  readonly stackName: string;
}

const SENTENCES: Readonly<Record<DeploymentResult['kind'], (name: string) => string>> = {
  destroyed: (name) => `The stack ${name} was deployed for it and destroyed.`,
  kept: (name) => `The stack ${name} is kept, and costs money until somebody destroys it.`,
  'left behind': (name) =>
    `The stack ${name} could not be destroyed: do it in the console of CloudFormation, or it goes on costing money.`,
  'not deployed': (name) => `The stack ${name} could not be deployed.`,
};

export function printVerification(verification: Verification): string {
  const { place, startedAt, deployment, results, estimate } = verification;
  const parts = [
    `# Verification on ${place}`,
    `${startedAt.slice(0, 10)}. ${SENTENCES[deployment.kind](deployment.stackName)}`,
    table(
      ['step', 'outcome', 'seconds'],
      results.map(({ name, outcome, seconds }) => [name, wordsOf(outcome), seconds.toFixed(0)]),
    ),
    ...results.flatMap(({ name, outcome }) =>
      outcome.kind === 'measured'
        ? [`## ${STEP_TITLES[name]}`, table(['what', 'found'], outcome.findings)]
        : [],
    ),
    ...costPart(estimate, verification.isEmulator),
  ];
  return `${parts.join('\n\n')}\n`;
}

function wordsOf(outcome: Outcome): string {
  return outcome.kind === 'measured' ? 'measured' : `${outcome.kind}: ${outcome.reason}`;
}

function costPart(lines: readonly CostLine[], isEmulator: boolean): string[] {
  const where = isEmulator
    ? 'This is what the same would have cost on AWS.'
    : 'AWS’s own figures come a day later, in Cost Explorer: choose the tag `ledger` with the stack’s name.';
  return [
    '## What it cost',
    `An estimate, from what was counted and the prices in \`test/bench/cost/prices.ts\`. ${where}`,
    table(
      ['service', 'what', 'quantity', 'dollars'],
      [
        ...lines.map(({ service, item, quantity, dollars }) => [
          service,
          item,
          quantity.toLocaleString('en-US', { maximumFractionDigits: 3 }),
          dollars.toFixed(4),
        ]),
        ['total', '', '', totalOf(lines).toFixed(4)],
      ],
    ),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** @returns the exit code: 1 when a step failed, or the stack could not be deployed or destroyed */
export function exitCodeOf({ results, deployment }: Verification): number {
  const isWell = deployment.kind === 'destroyed' || deployment.kind === 'kept';
  return isWell && results.every(({ outcome }) => outcome.kind !== 'failed') ? 0 : 1;
}
