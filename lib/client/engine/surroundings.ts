/** What every part of a client's engine works with. */

import type { Clock, RandomId, Transport } from '../ports.ts';
import type { RecordSettings } from '../records/settings.ts';
import { printRole, type Role } from '../roles.ts';
import type { ClientStore } from '../stores/client-store.ts';
import { AccountBook } from './account-book.ts';
import { Agenda } from './agenda.ts';
import { Notices } from './notices.ts';
import { TransferBook } from './transfer-book.ts';

export interface EngineOptions {
  readonly role: Role;
  readonly store: ClientStore;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly randomId: RandomId;
  readonly settings: RecordSettings;
  /** What becomes of an account that appears without having been opened here, for instance by a credit. */
  readonly unknownAccounts: 'adopt' | 'close';
}

/** The options, and the records behind them. */
export interface Surroundings extends EngineOptions {
  /** The name of the role's records in the store. */
  readonly name: string;
  readonly agenda: Agenda;
  readonly transfers: TransferBook;
  readonly accounts: AccountBook;
  readonly notices: Notices;
}

export function surroundings(options: EngineOptions): Surroundings {
  const { store, role, settings } = options;
  const name = encodeURIComponent(printRole(role));
  const agenda = new Agenda(store, name);
  return {
    ...options,
    name,
    agenda,
    transfers: new TransferBook(store, agenda, { name, settings }),
    accounts: new AccountBook(store, agenda, { name, settings }),
    notices: new Notices(),
  };
}
