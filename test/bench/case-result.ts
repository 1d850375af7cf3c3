/** What one case has shown: times, usage, and what went wrong. It is in the results' JSON as it is here. */

import type { MessageCounts } from './ledger-check.ts';
import type { Load } from './load.ts';
import type { StepTimes } from './payment-times.ts';
import type { Usage } from './usage.ts';

export interface CaseResult {
  readonly name: string;
  readonly title: string;
  readonly authority: string;
  readonly load: Load;
  /** The measured ones. */
  readonly transferCount: number;
  /** Made before them in the same way, and not measured. */
  readonly warmUpCount: number;
  readonly accountCount: number;
  /** From the first measured message sent to the last one received. */
  readonly seconds: number;
  readonly transfersPerSecond: number;
  /** In milliseconds, by step. */
  readonly times: StepTimes;
  /** Of the measured payments, including the AccountUpdates that follow. */
  readonly usage: Usage | undefined;
  /** How many processors the whole system, with the clients, kept busy while payments were under way. */
  readonly processorsBusy: number | undefined;
  readonly messages: MessageCounts;
  /** What went wrong; a case with any fault has failed. */
  readonly faults: readonly string[];
}
