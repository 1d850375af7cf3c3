/** Reading a whole table, in parts side by side, while a bar shows how far it is. */

import type { Account } from '../rules/account.ts';
import type { TransferRecord } from '../rules/transfer.ts';
import { mapConcurrently } from '../shell/concurrency.ts';
import type { ReadItem, TableReader } from '../storage/table-reader.ts';
import type { Segment } from '../storage/table-scan.ts';
import { type OperatorOutput, readCount } from './operator-command.ts';
import { type Progress, progressTo } from './progress.ts';
import type { StackTools } from './stack-tools.ts';

/** The flag of every tool that reads a whole table. */
export const SEGMENTS_FLAG = { segments: { type: 'string', default: '4' } } as const;

export const SEGMENTS_HELP = `  --segments N             parts of a table that are read side by side, 1 to 100 (default 4)`;

export interface ReadingTools {
  readonly reader: TableReader;
  readonly progress: Progress;
  readonly segmentCount: number;
}

/** @throws {OperatorError} when the number of segments is out of bounds, or the outputs do not name the tables */
export function openReading(
  stack: StackTools,
  { segments }: { readonly segments: string },
  { isTerminal, tell }: OperatorOutput,
): ReadingTools {
  return {
    segmentCount: readCount('--segments', segments, { min: 1, max: 100 }),
    reader: stack.openTables().reader,
    progress: progressTo({ isTTY: isTerminal, columns: process.stderr.columns, write: tell }),
  };
}

/** Called with each page; the next one of its part is read afterwards. */
type Take<T> = (page: readonly ReadItem<T>[]) => void | Promise<void>;

/** @returns how many items were read */
export function readAccounts(tools: ReadingTools, take: Take<Account>): Promise<number> {
  return readTable(tools, take, { table: 'accounts', scan: (segment) => tools.reader.scanAccounts(segment) });
}

/** Reads the transfers table. @returns how many items were read */
export function readRecords(tools: ReadingTools, take: Take<TransferRecord>): Promise<number> {
  return readTable(tools, take, { table: 'transfers', scan: (segment) => tools.reader.scanRecords(segment) });
}

interface Source<T> {
  readonly table: 'accounts' | 'transfers';
  readonly scan: (segment: Segment) => AsyncIterable<readonly ReadItem<T>[]>;
}

async function readTable<T>(
  { reader, progress, segmentCount: totalSegments }: ReadingTools,
  take: Take<T>,
  { table, scan }: Source<T>,
): Promise<number> {
  let count = 0;
  progress.start(table, await reader.countItems(table));
  const segments = Array.from({ length: totalSegments }, (_, segment) => ({ segment, totalSegments }));
  await mapConcurrently(segments, totalSegments, async (segment) => {
    for await (const page of scan(segment)) {
      await take(page);
      count += page.length;
      progress.advance(page.length);
    }
  });
  progress.end();
  return count;
}
