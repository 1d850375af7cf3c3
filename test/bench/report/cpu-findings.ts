/** Whether the handlers or the emulators of AWS set a measured limit. */

import type { CaseResult } from '../case-result.ts';
import { totalCpu, type Usage } from '../usage.ts';
import { isBatched } from './case-figures.ts';
import { printCount, printShare } from './printed-figures.ts';
import { distinct } from './section.ts';
import { escapeMarkdown } from './tables.ts';

interface Row {
  readonly result: CaseResult;
  readonly usage: Usage;
}

/** From this share on, the processors were the bottleneck. */
const BUSY_SHARE = 0.7;

/** One sentence for each authority, about the cases with many concurrent transfers. */
export function cpuFindings(rows: readonly Row[], processors: number): string[] {
  const batched = rows.filter(({ result }) => isBatched(result));
  return distinct(batched.map(({ result }) => result.authority)).map((authority) =>
    finding(
      authority,
      batched.filter(({ result }) => result.authority === authority),
      processors,
    ),
  );
}

function finding(authority: string, rows: readonly Row[], processors: number): string {
  const sum = (amountOf: (row: Row) => number) => rows.reduce((total, row) => total + amountOf(row), 0);
  const total = sum(({ usage }) => totalCpu(usage.cpu));
  const handlers = sum(({ usage }) => usage.cpu.handlers);
  const emulators = sum(({ usage: { cpu } }) => cpu.tableEmulator + cpu.queueEmulator);
  const transfers = sum(({ result }) => result.transferCount);
  const busy = sum(busyMs) / sum(({ result }) => result.seconds * 1_000);
  const shares =
    `the emulators spent ${printShare(emulators / total)} of the CPU time, ` +
    `the handlers ${printShare(handlers / total)} and the clients ${printShare((total - handlers - emulators) / total)}, ` +
    `with ${busy.toFixed(1)} of ${processors} processors busy`;
  const alone =
    handlers > 0
      ? ` For the handlers’ CPU time alone, one processor could do ${printCount((transfers * 1_000) / handlers)} transfers a second.`
      : '';
  const limit = limitOf({ handlers, emulators, isBusy: busy >= BUSY_SHARE * processors });
  return `**${escapeMarkdown(authority)}**, where many transfers are under way at once: ${shares}${limit}.${alone}`;
}

function busyMs({ result: { processorsBusy = 0, seconds } }: Row): number {
  return processorsBusy * seconds * 1_000;
}

interface Spent {
  readonly handlers: number;
  readonly emulators: number;
  readonly isBusy: boolean;
}

/** Says no more than the figures do: idle processors mean that something else was the bottleneck. */
function limitOf({ handlers, emulators, isBusy }: Spent): string {
  if (!isBusy) {
    return ': waiting, or a part that uses no second processor, limits more than all CPU time does';
  }
  return emulators > handlers
    ? ': the emulators, not the handlers, are the limit'
    : ': the handlers spent more than the emulators';
}
