/** Runs the steps one after the other. Nothing that a step does keeps the next ones from running. */

import type { PlannedStep, StepName } from './plan.ts';
import type { Outcome, StepResult } from './report.ts';

export interface StepRunner {
  readonly run: (name: StepName) => Promise<Outcome>;
  /** Milliseconds of any clock that only goes on. */
  readonly now: () => number;
  /** Called before each step, and with its result after it. */
  readonly onStep: (name: StepName, result?: StepResult) => void;
  /** Whether to stop: the steps that are left count as failed. */
  readonly isInterrupted: () => boolean;
}

export async function runSteps(
  plan: readonly PlannedStep[],
  { run, now, onStep, isInterrupted }: StepRunner,
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const { name, obstacle } of plan) {
    const startedAt = now();
    onStep(name);
    const outcome = await outcomeOf(name, { obstacle, isInterrupted, run });
    const result = { name, outcome, seconds: (now() - startedAt) / 1000 };
    results.push(result);
    onStep(name, result);
  }
  return results;
}

async function outcomeOf(
  name: StepName,
  {
    obstacle,
    isInterrupted,
    run,
  }: Pick<StepRunner, 'isInterrupted' | 'run'> & { readonly obstacle: string | undefined },
): Promise<Outcome> {
  if (obstacle !== undefined) {
    return { kind: 'not possible', reason: obstacle };
  }
  if (isInterrupted()) {
    return { kind: 'failed', reason: 'interrupted' };
  }
  try {
    return await run(name);
  } catch (error) {
    return { kind: 'failed', reason: sentenceOf(error) };
  }
}

function sentenceOf(error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const [line = ''] = message.split('\n');
  return name === 'Error' ? line : `${name}: ${line}`;
}
