/** What `npm run redrive` does with stream records that were kept whole, and what it prints about them. */

import type { KeptRecord } from '../../shell/kept-records.ts';
import { printItemKey, sequenceNumberOf } from '../../storage/stream-record.ts';
import { type ItemReader, inspectKept, type KeptOutcome, processKept } from './process-kept.ts';
import type { Handling, HandlingTools } from './process-records.ts';

export function keptHandling(reader: ItemReader, tools: HandlingTools): Handling<KeptRecord> {
  return { describe: describeKept, handle: (kept) => handleKept(kept, reader, tools) };
}

async function handleKept(
  kept: KeptRecord,
  reader: ItemReader,
  { settings, work, forgetsGone, say }: HandlingTools,
): Promise<boolean> {
  const state = await inspectKept(kept, settings, reader);
  if (state.kind === 'gone') {
    say(`  ${unreadable(kept, state.fault)}, and its item is gone`);
    say('  Only a version of this code that can read the record can process it; --forget deletes it.');
    return forgetsGone;
  }
  if (state.kind === 'unreadable') {
    const reason = state.itemFault === state.fault ? '' : `: ${state.itemFault}`;
    say(`  ${unreadable(kept, state.fault)}`);
    say(`  its item, as it is now, can't be read either${reason}`);
    say('  Repair the item, or use a version of this code that can read it, and try again.');
    return false;
  }
  const isRecord = state.kind === 'readable';
  if (work === undefined) {
    say(
      isRecord ? '  it can be read now' : `  ${unreadable(kept, state.fault)}; its item, as it is now, can`,
    );
    return false;
  }
  const outcome = await processKept(kept, state, work);
  say(`  ${describeOutcome(outcome, isRecord)}`);
  return outcome.kind === 'done';
}

function describeOutcome(outcome: KeptOutcome, isRecord: boolean): string {
  switch (outcome.kind) {
    case 'done':
      return isRecord ? 'processed' : 'processed, from its item as it is now';
    case 'failed':
      return 'failed again, for a temporary reason; try again later';
    case 'refused':
      return `failed again: ${outcome.reason}`;
    default:
      return outcome satisfies never;
  }
}

/** A reason that was printed before is not repeated. */
function unreadable({ reason }: KeptRecord, fault: string): string {
  return fault === reason ? "it still can't be read" : `it still can't be read: ${fault}`;
}

function describeKept({ functionName, record, reason }: KeptRecord): string {
  const table = record.eventSourceARN?.split('/')[1] ?? 'a table';
  return `${functionName} could not handle record ${sequenceNumberOf(record)} of ${table}, item ${printItemKey(record)}: ${reason}`;
}
