/** Which steps a verification has, which of them are asked for, and why some are not possible in a place. */

export const STEP_NAMES = [
  'end-to-end',
  'latency',
  'conflict-billing',
  'cross-account',
  'retry-cadence',
  'loop-detection',
] as const;

export type StepName = (typeof STEP_NAMES)[number];

/** What each step finds out. */
export const STEP_TITLES: Readonly<Record<StepName, string>> = {
  'end-to-end': 'The end-to-end tests, on functions that are invoked by their aliases',
  latency: 'How long a payment takes, one a second',
  'conflict-billing': 'What a cancelled transaction costs',
  'cross-account': 'Whether another account gets the messages of a topic',
  'retry-cadence': 'How often Lambda tries records of a stream again',
  'loop-detection': 'Whether a sweep may continue itself more than 16 times',
};

export interface Place {
  readonly isEmulator: boolean;
  /** The profile of another account, where one was given. */
  readonly secondProfile: string | undefined;
}

export interface PlannedStep {
  readonly name: StepName;
  /** Why it is not possible there; `undefined` when it is. */
  readonly obstacle: string | undefined;
}

/** @param asked those to make; the order is always that above, since the last two disturb the stack */
export function planOf(asked: ReadonlySet<StepName>, place: Place): PlannedStep[] {
  return STEP_NAMES.filter((name) => asked.has(name)).map((name) => ({
    name,
    obstacle: obstacleOf(name, place),
  }));
}

function obstacleOf(name: StepName, { isEmulator, secondProfile }: Place): string | undefined {
  switch (name) {
    case 'retry-cadence':
      return isEmulator ? 'an emulator tries again as its authors thought' : undefined;
    case 'loop-detection':
      return isEmulator ? 'an emulator detects no loops' : undefined;
    case 'cross-account':
      if (isEmulator) {
        return 'an emulator asks nobody for permissions';
      }
      return secondProfile === undefined ? 'no second account was given (--second-profile)' : undefined;
    default:
      return undefined;
  }
}
