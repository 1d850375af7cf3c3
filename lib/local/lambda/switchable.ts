/**
 * Turns what invokes functions off and on again: event source mappings and schedules. What is off stays off across restarts
 * of the local run, as on AWS. The requests come in at control-endpoint.ts.
 */

import type { Positions } from './positions.ts';
import type { RunningMapping } from './sqs-mapping.ts';
import type { StreamMapping } from './stream-mapping.ts';

export interface Switch {
  readonly isOn: () => boolean;
  /** When it was last turned; milliseconds since 1970. */
  readonly changedAt: () => number;
  /** Resolves when nothing more is taken in, or when it is taken in again. */
  readonly turn: (isOn: boolean) => Promise<void>;
}

export interface SwitchMemory {
  /** Its state is kept under this name. */
  readonly name: string;
  /** Its state in the template, until somebody turns it. */
  readonly isOn: boolean;
  readonly positions: Pick<Positions, 'loadSwitch' | 'saveSwitch'>;
}

/** A switch that only keeps its state; whatever heeds it asks for that. */
export function createSwitch({ name, isOn, positions }: SwitchMemory): Switch {
  let state = positions.loadSwitch(name) ?? { isOn, changedAt: Date.now() };
  return {
    isOn: () => state.isOn,
    changedAt: () => state.changedAt,
    turn: async (wanted) => {
      if (wanted !== state.isOn) {
        state = { isOn: wanted, changedAt: Date.now() };
        positions.saveSwitch(name, state);
      }
    },
  };
}

export interface SwitchableMapping<Mapping extends RunningMapping> {
  readonly control: Switch;
  /** The mapping that runs, or the last one that ran, which still knows its positions. */
  readonly latest: () => Mapping;
  readonly stop: () => Promise<void>;
}

/**
 * Starts the mapping, unless it is off.
 * @param start makes the mapping; when told that it is off, one that takes nothing
 */
export async function startSwitchable<Mapping extends RunningMapping>(
  memory: SwitchMemory,
  start: (isOn: boolean) => Mapping | Promise<Mapping>,
): Promise<SwitchableMapping<Mapping>> {
  const state = createSwitch(memory);
  let latest = await start(state.isOn());
  let turning = Promise.resolve();
  const turn = async (isOn: boolean): Promise<void> => {
    if (isOn === state.isOn()) {
      return;
    }
    if (isOn) {
      latest = await start(true);
    } else {
      await latest.stop();
    }
    await state.turn(isOn);
  };
  return {
    // One after the other, or two requests could start a mapping twice.
    control: {
      ...state,
      turn: (isOn) => {
        turning = turning.then(() => turn(isOn));
        return turning;
      },
    },
    latest: () => latest,
    stop: async () => {
      await turning;
      await latest.stop();
    },
  };
}

/** A stream's mapping with its switch, as one mapping: it has nothing to catch up with while it is off. */
export function asStreamMapping(
  streamArn: string,
  { control, latest, stop }: SwitchableMapping<StreamMapping>,
): StreamMapping {
  return {
    streamArn,
    wake: () => latest().wake(),
    hasCaughtUpWith: (instant) => !control.isOn() || latest().hasCaughtUpWith(instant),
    positions: () => latest().positions(),
    stop,
  };
}
