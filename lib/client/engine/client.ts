/** The client: one role, one store, one way to the authority. Its verbs are promises that a crash can't break. */

import { WrongRoleError } from '../errors.ts';
import { randomId, SYSTEM_CLOCK } from '../ports.ts';
import type { LedgerEntry } from '../records/account-ledger.ts';
import { isEnded, type RunningTransfer, type Settlement } from '../records/running-transfer.ts';
import { DEFAULT_RECORD_SETTINGS } from '../records/settings.ts';
import { type AccountKey, printRole, type Role } from '../roles.ts';
import { type AccountChoice, awaitAccount, configureAs } from './account-verbs.ts';
import { type ClientAccount, clientAccount } from './client-account.ts';
import type {
  CallOptions,
  ClientOptions,
  Commitment,
  Issue,
  Payment,
  PaymentNote,
} from './client-options.ts';
import { Hold } from './hold.ts';
import { receiveUntil, runChoresUntil } from './loops.ts';
import type { ClientEvent } from './notices.ts';
import { type Surroundings, surroundings } from './surroundings.ts';
import {
  awaitPayment,
  awaitPreparation,
  awaitTransfer,
  beginTransfer,
  settleTransfer,
  type TransferDraft,
  type WaitOptions,
} from './transfer-verbs.ts';
import { warningOf } from './warnings.ts';

/** Starts a client: it begins to take messages at once. Closing it, with `await using` or `close`, ends that. */
export async function openClient(options: ClientOptions): Promise<Client> {
  return new Client(options);
}

/** A running client. Made by `openClient`. */
export class Client implements AsyncDisposable {
  readonly #engine: Surroundings;
  readonly #closing = new AbortController();
  readonly #loops: Promise<unknown>;

  constructor(options: ClientOptions) {
    const { onMessage, onWarning = warn, receiverCount = 1, settings } = options;
    this.#engine = surroundings({
      unknownAccounts: 'adopt',
      clock: SYSTEM_CLOCK,
      randomId,
      ...options,
      settings: { ...DEFAULT_RECORD_SETTINGS, ...settings },
    });
    this.#engine.notices.listen((event) => {
      const warning = warningOf(event);
      if (warning !== undefined) {
        onWarning(warning);
      }
    });
    const { signal } = this.#closing;
    this.#loops = Promise.all([
      ...Array.from({ length: receiverCount }, () => receiveUntil(this.#engine, signal, onMessage)),
      runChoresUntil(this.#engine, signal),
    ]);
  }

  /** Whom the client speaks for. */
  get role(): Role {
    return this.#engine.role;
  }

  /**
   * Opens the account, or keeps it open, and returns it when the authority has shown it.
   * @throws {ConfigRejectedError} when the authority does not accept the configuration
   * @throws {WrongRoleError} for an account of somebody else
   */
  openAccount(
    account: AccountKey,
    choice: AccountChoice = {},
    options: CallOptions = {},
  ): Promise<ClientAccount> {
    return configureAs(this.#engine, account, { ...this.#waiting(options), choice, isClosing: false });
  }

  /** Changes what is given of an account's configuration. The same as `openAccount`, which does nothing to an account that has it. */
  configure(account: AccountKey, choice: AccountChoice, options: CallOptions = {}): Promise<ClientAccount> {
    return this.openAccount(account, choice, options);
  }

  /**
   * Schedules the account for deletion, and returns it when the authority has shown that. The deletion itself takes weeks: it comes
   * when at most the negligible amount is left, and `watch` tells of it when the account's state is `purged`.
   */
  closeAccount(
    account: AccountKey,
    choice: Pick<AccountChoice, 'negligibleAmount'> = {},
    options: CallOptions = {},
  ): Promise<ClientAccount> {
    return configureAs(this.#engine, account, { ...this.#waiting(options), choice, isClosing: true });
  }

  /** Pays from the root account: makes new tokens. For issuers only; throws like `pay`. */
  async issue(issue: Issue, options: CallOptions = {}): Promise<RunningTransfer<'finalized'>> {
    const { role } = this.#engine;
    if (role.kind !== 'issuer') {
      throw new WrongRoleError(`${printRole(role)} can't issue tokens.`);
    }
    return this.pay({ ...issue, from: { debtorId: role.debtorId, creditorId: 0n } }, options);
  }

  /**
   * Pays, and returns when the authority has committed the payment. The same call with the same idempotency key takes up a payment
   * that was begun, also after a crash, and never pays twice.
   * @throws {TransferRejectedError} when the amount was not locked, with the status code
   * @throws {TransferFailedError} when it was locked, but not committed, with the status code
   * @throws {IdempotencyConflictError} when the key names another payment
   * @throws {WrongRoleError} for an account of somebody else
   */
  async pay(payment: Payment, options: CallOptions = {}): Promise<RunningTransfer<'finalized'>> {
    const plan = { kind: 'commit', ...settlementOf(payment, payment.amount) } as const;
    const waiting = this.#waiting(options);
    const transfer = await beginTransfer(this.#engine, { ...payment, plan }, waiting);
    return awaitPayment(this.#engine, transfer, waiting);
  }

  /**
   * Locks an amount, and returns when it is locked; commit or dismiss it then, in this process or another. Locks as much as there
   * is, from `minAmount` to `amount`. Throws like `pay`. A hold that is forgotten is dismissed at its deadline.
   */
  async hold(draft: TransferDraft, options: CallOptions = {}): Promise<Hold> {
    const waiting = this.#waiting(options);
    const begun = await beginTransfer(this.#engine, { ...draft, plan: { kind: 'hold' } }, waiting);
    return new Hold(this, await awaitPreparation(this.#engine, begun, waiting));
  }

  /**
   * Commits what a hold has locked. Throws like `pay`.
   * @throws {UnknownTransferError} when there is no transfer of the key
   * @throws {IdempotencyConflictError} when it was decided otherwise before
   */
  async commit(
    idempotencyKey: string,
    commitment: Commitment = {},
    options: CallOptions = {},
  ): Promise<RunningTransfer<'finalized'>> {
    const waiting = this.#waiting(options);
    const transfer = await settleTransfer(this.#engine, idempotencyKey, {
      ...waiting,
      settlementOf: (known) => settlementOf(commitment, commitment.amount ?? lockedAmountOf(known)),
    });
    return awaitPayment(this.#engine, transfer, waiting);
  }

  /** Releases what a hold has locked, or will lock, and returns when the authority has done so. Throws like `commit`. */
  async dismiss(idempotencyKey: string, options: CallOptions = {}): Promise<RunningTransfer> {
    const waiting = this.#waiting(options);
    const transfer = await settleTransfer(this.#engine, idempotencyKey, {
      ...waiting,
      settlementOf: () => settlementOf({}, 0n),
    });
    return awaitTransfer(this.#engine, transfer, { ...waiting, until: isEnded });
  }

  /** The transfer of the key, as far as it is known; `undefined` where there is none. */
  transfer(idempotencyKey: string, { signal }: CallOptions = {}): Promise<RunningTransfer | undefined> {
    return this.#engine.transfers.findByKey(idempotencyKey, signal);
  }

  /** All transfers that are not forgotten yet, also those that ended. */
  transfers({ signal }: CallOptions = {}): AsyncIterable<RunningTransfer> {
    return this.#engine.transfers.list(signal);
  }

  /** What is known of the account; `undefined` where nothing is. */
  async account(account: AccountKey, { signal }: CallOptions = {}): Promise<ClientAccount | undefined> {
    const stored = await this.#engine.accounts.find(account, signal);
    return stored && clientAccount(stored);
  }

  /**
   * Waits until what is known of the account is as wanted, for instance until a credit has come:
   * `client.accountWhen(account, ({ ledger }) => ledger.principal >= 1000n)`.
   * @param isAsWanted is asked at once and after each change, as soon as anything is known of the account
   * @throws the signal's reason when it is aborted; what `isAsWanted` throws
   * @throws {ClientClosedError} when the client is closed
   */
  accountWhen(
    account: AccountKey,
    isAsWanted: (account: ClientAccount) => boolean,
    options: CallOptions = {},
  ): Promise<ClientAccount> {
    return awaitAccount(this.#engine, account, { ...this.#waiting(options), isAsWanted });
  }

  /** All accounts that are known. */
  async *accounts({ signal }: CallOptions = {}): AsyncGenerator<ClientAccount, void, undefined> {
    for await (const stored of this.#engine.accounts.list(signal)) {
      yield clientAccount(stored);
    }
  }

  /**
   * The entries of the account's ledger, the oldest first. Any number of them takes little memory.
   * @param options `after` leaves out the entries up to that number
   */
  ledger(
    account: AccountKey,
    { after = 0n, signal }: CallOptions & { readonly after?: bigint } = {},
  ): AsyncIterable<LedgerEntry> {
    return this.#engine.accounts.ledger(account, after, signal);
  }

  /** What happens from now on, until the signal is aborted, the loop is left or the client is closed. */
  watch({ signal }: CallOptions = {}): AsyncIterable<ClientEvent> {
    const { signal: closed } = this.#closing;
    return this.#engine.notices.stream(signal === undefined ? closed : AbortSignal.any([closed, signal]));
  }

  /** Takes no more messages. Calls that wait reject; what they asked for goes on when a client of this store is opened again. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#loops;
  }

  /** As `close`, at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #waiting({ signal }: CallOptions): WaitOptions {
    return { signal, closed: this.#closing.signal };
  }
}

function settlementOf({ note = '', noteFormat = '' }: PaymentNote, committedAmount: bigint): Settlement {
  return { committedAmount, transferNote: note, transferNoteFormat: noteFormat };
}

/** All of it; before it is locked, all that was asked for. */
function lockedAmountOf(transfer: RunningTransfer): bigint {
  return 'preparation' in transfer ? transfer.preparation.lockedAmount : transfer.request.maxLockedAmount;
}

function warn(warning: string): void {
  process.emitWarning(warning, 'SwaptacularWarning');
}
