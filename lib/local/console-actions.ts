/** What the buttons of the console do. Each takes the JSON that the page sends, and answers with words for a person. */

import { z } from 'zod';
import type { ActionAnswer } from '../operations/console/answers.ts';
import type { ConsoleActions } from '../operations/console/console.ts';
import { runAudit } from './audit-process.ts';
import type { Faults } from './lambda/faults.ts';
import type { ClockAhead } from './lambda/virtual-clock.ts';

export interface ConsoleControls {
  /** Puts a message into the incoming queue. */
  readonly send: (body: string) => Promise<void>;
  readonly faults: Pick<Faults, 'killNext' | 'repeatNext' | 'hold'>;
  readonly clock: ClockAhead;
  /** Resolves when nothing is left to do. */
  readonly untilAtRest: () => Promise<void>;
  /** Starts the sweeps; resolves when they have ended. */
  readonly fireSchedules: () => Promise<void>;
  readonly outputsFile: string;
}

const INPUTS = {
  send: z.strictObject({ body: z.string().min(1) }),
  fault: z.strictObject({ kind: z.enum(['kill', 'repeat', 'hold']) }),
  time: z.strictObject({ days: z.number().positive().max(366) }),
  audit: z.strictObject({}),
} as const;

type ActionName = keyof typeof INPUTS;

/** Wrong input is an answer, too. */
export function consoleActions(controls: ConsoleControls): ConsoleActions {
  return (name, input) => {
    if (!(name in INPUTS)) {
      return undefined;
    }
    return runAction(name as ActionName, input, controls).catch((error) => ({
      isGood: false,
      words: error instanceof z.ZodError ? z.prettifyError(error) : String(error),
    }));
  };
}

async function runAction(name: ActionName, input: unknown, controls: ConsoleControls): Promise<ActionAnswer> {
  switch (name) {
    case 'send':
      await controls.send(INPUTS.send.parse(input).body);
      return { isGood: true, words: 'The message is in the queue.' };
    case 'fault':
      return causeFault(INPUTS.fault.parse(input).kind, controls);
    case 'time':
      return moveTime(INPUTS.time.parse(input).days, controls);
    case 'audit':
      return audit(controls);
  }
}

const HOLD_MS = 10_000;

function causeFault(kind: 'kill' | 'repeat' | 'hold', { faults }: ConsoleControls): ActionAnswer {
  switch (kind) {
    case 'kill':
      faults.killNext();
      return {
        isGood: true,
        words: 'The next function that begins will be killed in the middle of its work.',
      };
    case 'repeat':
      faults.repeatNext();
      return { isGood: true, words: 'The next batch will be delivered twice.' };
    case 'hold':
      faults.hold('publish-events', HOLD_MS);
      return { isGood: true, words: 'For ten seconds, nothing is published.' };
  }
}

/** Work under way must not grow old by a month, or it would be given up. */
async function moveTime(days: number, controls: ConsoleControls): Promise<ActionAnswer> {
  await controls.untilAtRest();
  controls.clock.moveAhead(days);
  await controls.fireSchedules();
  const now = new Date(controls.clock.now()).toISOString();
  return { isGood: true, words: `It is ${now} now. The sweeps have run.` };
}

async function audit({ outputsFile }: ConsoleControls): Promise<ActionAnswer> {
  const { isPassed, report } = await runAudit(outputsFile);
  return { isGood: isPassed, words: report };
}
