/** Removes the emulator's stream records now and then that every mapping has passed, so that they don't pile up. */

import type { StreamRecords } from '../emulators/stream-records.ts';
import type { StreamMapping } from './stream-mapping.ts';

const PERIOD_MS = 250;

/** @returns a function that ends it */
export function startStreamTrimming(records: StreamRecords, streams: readonly StreamMapping[]): () => void {
  const timer = setInterval(() => trim(records, streams), PERIOD_MS);
  return () => clearInterval(timer);
}

function trim(records: StreamRecords, streams: readonly StreamMapping[]): void {
  for (const [streamArn, mappings = []] of Object.entries(
    Object.groupBy(streams, (mapping) => mapping.streamArn),
  )) {
    const positions = mappings.flatMap((mapping) => mapping.positions());
    const numbers = positions.filter((position) => position !== undefined).map(BigInt);
    // A mapping that has read nothing yet needs every record.
    if (numbers.length < positions.length) {
      continue;
    }
    const [lowest] = numbers.toSorted((a, b) => (a < b ? -1 : 1));
    if (lowest !== undefined) {
      records.trim(tableNameOf(streamArn), lowest);
    }
  }
}

/** `arn:aws:dynamodb:region:account:table/NAME/stream/label` → `NAME` */
function tableNameOf(streamArn: string): string {
  return streamArn.split('/')[1] ?? '';
}
