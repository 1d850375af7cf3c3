/** Turning many switches, in an order that makes no work which nobody takes in. What is told of it is elsewhere. */

import type { StackSwitch, Switchboard, SwitchKind } from './switchboard.ts';

/** Off: what starts work first. On: what takes it in first. */
const ORDER_OFF: readonly SwitchKind[] = ['schedule', 'queue', 'stream'];
const ORDER_ON = ORDER_OFF.toReversed();

/**
 * Turns those that are not so yet, one after the other.
 * @param onTurned called after each
 * @returns those that were turned
 */
export async function turnAll(
  board: Switchboard,
  { switches, isOn }: { readonly switches: readonly StackSwitch[]; readonly isOn: boolean },
  onTurned: (one: StackSwitch) => void,
): Promise<readonly StackSwitch[]> {
  const due = inOrder(
    switches.filter((one) => one.isOn !== isOn),
    isOn,
  );
  for (const one of due) {
    await board.turn(one, isOn);
    onTurned(one);
  }
  return due;
}

export function inOrder(switches: readonly StackSwitch[], isOn: boolean): StackSwitch[] {
  const order = isOn ? ORDER_ON : ORDER_OFF;
  return switches.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

const DAY_MS = 86_400_000;

/** DynamoDB keeps stream records for so long. */
export interface StreamDeadline {
  /** When the first stream mapping was turned off. */
  readonly pausedAt: Date;
  /** From then on records may be gone that nobody has read. */
  readonly losesFrom: Date;
}

/** `undefined` where every stream is read. */
export function streamDeadline(switches: readonly StackSwitch[], now: Date): StreamDeadline | undefined {
  const pausedAt = switches
    .filter(({ kind, isOn }) => kind === 'stream' && !isOn)
    .map(({ changedAt }) => Math.min(changedAt?.getTime() ?? now.getTime(), now.getTime()));
  if (pausedAt.length === 0) {
    return undefined;
  }
  const first = Math.min(...pausedAt);
  return { pausedAt: new Date(first), losesFrom: new Date(first + DAY_MS) };
}
