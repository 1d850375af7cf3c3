/** What `npm run redrive` does with stream records that were kept whole, and what it says of them. */

import type { KeptRecord } from '../../shell/kept-records.ts';
import { printItemKey, sequenceNumberOf } from '../../storage/stream-record.ts';
import type { Handling, HandlingTools } from './failure-handling.ts';
import { type ItemReader, type KeptState, lookAtKept, takeUpKept } from './take-up-kept.ts';

export function keptHandling(reader: ItemReader, tools: HandlingTools): Handling<KeptRecord> {
  const { settings, work, say } = tools;
  return {
    describe: describeKept,
    handle: async (kept) => {
      const state = await lookAtKept(kept, settings, reader);
      switch (state.kind) {
        case 'readable':
        case 'repaired':
          return work === undefined ? sayReadable(kept, state, say) : takeUpAndTell(kept, state, work, say);
        case 'gone':
          say(`  ${unreadable(kept, state.fault)}; and its item is gone`);
          say('  Only a version of this code that can read the record can take it up; --forget deletes it.');
          return tools.forgetsGone;
        case 'unreadable':
          say(`  ${unreadable(kept, state.fault)}`);
          say(
            `  nor can its item, as it is now${state.itemFault === state.fault ? '' : `: ${state.itemFault}`}`,
          );
          say('  Repair the item, or use a version of this code that can read it, and try again.');
          return false;
        default:
          return state satisfies never;
      }
    },
  };
}

type Readable = Extract<KeptState, { readonly kind: 'readable' | 'repaired' }>;

/** The reason that was told before is not told again. */
function unreadable({ reason }: KeptRecord, fault: string): string {
  return fault === reason ? "it still can't be read" : `it still can't be read: ${fault}`;
}

function sayReadable(kept: KeptRecord, state: Readable, say: (line: string) => void): boolean {
  say(
    state.kind === 'readable'
      ? '  it can be read by now'
      : `  ${unreadable(kept, state.fault)}; but its item, as it is now, can`,
  );
  return false;
}

async function takeUpAndTell(
  kept: KeptRecord,
  state: Readable,
  work: NonNullable<HandlingTools['work']>,
  say: (line: string) => void,
): Promise<boolean> {
  const isDone = await takeUpKept(kept, state, work);
  if (isDone) {
    say(state.kind === 'readable' ? '  taken up again' : '  taken up again, from its item as it is now');
  } else {
    say('  failed again; try again later');
  }
  return isDone;
}

function describeKept({ functionName, record, reason }: KeptRecord): string {
  const table = record.eventSourceARN?.split('/')[1] ?? 'a table';
  return `${functionName} could not read record ${sequenceNumberOf(record)} of ${table}, item ${printItemKey(record)}: ${reason}`;
}
