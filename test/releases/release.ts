/** What a release does with the tables: this one's code, or the frozen code of an earlier one (see `freeze.ts`). */

import { creditRecords } from '../../lib/shell/credit-recipients.ts';
import type { Invocation } from '../../lib/shell/invocation.ts';
import { processMessages } from '../../lib/shell/process-messages.ts';
import { dueAfter } from '../../lib/shell/publish-events.ts';
import { SharedTransactions } from '../../lib/shell/shared-transactions.ts';
import { LedgerStore } from '../../lib/storage/ledger-store.ts';
import { changeOf } from '../../lib/storage/stream-record.ts';

export interface Release {
  readonly processMessages: typeof processMessages;
  readonly creditRecords: typeof creditRecords;
  readonly dueAfter: typeof dueAfter;
  readonly changeOf: typeof changeOf;
  readonly LedgerStore: new (...args: ConstructorParameters<typeof LedgerStore>) => Invocation['store'];
  readonly SharedTransactions: new () => Invocation['transactions'];
}

export const THIS_RELEASE: Release = {
  processMessages,
  creditRecords,
  dueAfter,
  changeOf,
  LedgerStore,
  SharedTransactions,
};

/** The release that wrote items of this form first. */
export async function frozenRelease(form: number): Promise<Release> {
  const module: unknown = await import(new URL(`form-${form}.js`, import.meta.url).href);
  return module as Release;
}
