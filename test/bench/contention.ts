/**
 * One busy account under more and more concurrent invocations, with DynamoDB's conflicts injected: how many messages are
 * processed, how often an invocation must retry, and whether other accounts wait. In virtual time.
 */

import { processMessages } from '../../lib/shell/process-messages.ts';
import { parseSettings } from '../../lib/shell/settings.ts';
import { SharedTransactions } from '../../lib/shell/shared-transactions.ts';
import { LedgerStore } from '../../lib/storage/ledger-store.ts';
import { MemoryLedger, TABLE_NAMES } from '../support/memory-ledger.ts';
import { ENOUGH_TIME, TestTelemetry } from '../support/shell-surroundings.ts';
import { withConflicts } from './conflict-injection.ts';
import { type Percentiles, percentilesOf } from './percentiles.ts';
import { VirtualTime } from './virtual-time.ts';
import { configureAccount, creditorIdOf, prepareTransfer, ROOT } from './wire.ts';

export interface ContentionOptions {
  /** How many invocations run at once. */
  readonly concurrency: number;
  /** The number of messages for the busy account; as many more are for others. */
  readonly messageCount: number;
  readonly batchSize: number;
  readonly seed: number;
}

export interface ContentionResult {
  readonly concurrency: number;
  /** Of the busy account, from the first invocation to the last commit. */
  readonly messagesPerSecond: number;
  readonly commits: number;
  /** Lost races, noticed by DynamoDB or by the condition on the version. */
  readonly conflicts: number;
  /** Messages of the busy account that went back to the queue and came again later. */
  readonly returned: number;
  /** Durations of the other accounts' messages in milliseconds, from the start of the invocation to the commit. */
  readonly bystandersMs: Percentiles;
}

/** About as in the cloud. */
const READ_MS = 4;
const WRITE_MS = 10;
/** Six times the function's timeout, as the stack sets it. */
const VISIBILITY_TIMEOUT_MS = 240_000;
const DEBTOR_ID = -1;
/** The busy account is the root account, since issuing is the usual reason for being busy. */
const BUSY_KEY = `${DEBTOR_ID}:0`;

export async function contend(options: ContentionOptions): Promise<ContentionResult> {
  const time = new VirtualTime(options.seed);
  const running = new Contention(options, time);
  return time.run(running.run());
}

interface Delivery {
  readonly body: string;
  readonly account: number;
}

class Contention {
  readonly #options: ContentionOptions;
  readonly #time: VirtualTime;
  readonly #tools: Parameters<typeof processMessages>[1];
  readonly #backlog: Delivery[] = [];
  /** When the message of each other account was taken from the queue, by account key. */
  readonly #takenAt = new Map<string, number>();
  readonly #bystandersMs: number[] = [];
  #isMeasured = false;
  #conflicts = 0;
  #commits = 0;
  #lastCommitAt = 0;
  #returned = 0;
  #openCount = 0;

  constructor(options: ContentionOptions, time: VirtualTime) {
    this.#options = options;
    this.#time = time;
    const client = withConflicts(new MemoryLedger().client, {
      surroundings: time,
      readMs: READ_MS,
      writeMs: WRITE_MS,
      onConflict: () => {},
      onWritten: (accounts) => this.#takeNote(accounts),
    });
    const telemetry = new TestTelemetry();
    this.#tools = {
      store: new LedgerStore(client, TABLE_NAMES, { consumed: () => {} }),
      deadLetters: { send: async () => [] },
      settings: parseSettings({}),
      surroundings: time,
      hasTime: ENOUGH_TIME,
      transactions: new SharedTransactions(),
      telemetry: {
        ...telemetry,
        count: (name, amount = 1) => {
          if (name === 'Conflicts' && this.#isMeasured) {
            this.#conflicts += amount;
          }
        },
      },
    };
  }

  async run(): Promise<ContentionResult> {
    const { concurrency, messageCount } = this.#options;
    const accounts = Array.from({ length: messageCount }, (_, account) => account);
    await this.#apply([ROOT].map((account) => configureAccount(DEBTOR_ID, account)));
    await this.#apply(accounts.map((account) => configureAccount(DEBTOR_ID, account)));
    // Each pair is one message for the busy account and one for another account.
    for (const number of accounts) {
      this.#backlog.push({ account: ROOT, body: payment(number, ROOT, number) });
      this.#backlog.push({ account: number, body: payment(number, number, (number + 1) % messageCount) });
    }
    this.#openCount = this.#backlog.length;
    this.#isMeasured = true;
    const startedAt = this.#time.elapsedMs;
    await Promise.all(Array.from({ length: concurrency }, () => this.#invoke()));
    return {
      concurrency,
      messagesPerSecond: (messageCount / (this.#lastCommitAt - startedAt)) * 1_000,
      commits: this.#commits,
      conflicts: this.#conflicts,
      returned: this.#returned,
      bystandersMs: percentilesOf(this.#bystandersMs),
    };
  }

  async #apply(bodies: readonly string[]): Promise<void> {
    await processMessages(numbered(bodies), this.#tools);
  }

  /** One environment of the function: takes batches until all messages are done. */
  async #invoke(): Promise<void> {
    while (this.#openCount > 0) {
      const batch = this.#backlog.splice(0, this.#options.batchSize);
      if (batch.length === 0) {
        await this.#time.pause(WRITE_MS);
        continue;
      }
      const takenAt = this.#time.elapsedMs;
      for (const { account } of batch) {
        this.#takenAt.set(`${DEBTOR_ID}:${creditorIdOf(account)}`, takenAt);
      }
      const returned = await processMessages(numbered(batch.map(({ body }) => body)), this.#tools);
      this.#openCount -= batch.length - returned.length;
      const back = returned.flatMap((id) => batch[Number(id)] ?? []);
      this.#returned += back.filter(({ account }) => account === ROOT).length;
      void this.#time.pause(VISIBILITY_TIMEOUT_MS).then(() => this.#backlog.push(...back));
    }
  }

  #takeNote(accounts: ReadonlySet<string>): void {
    if (!this.#isMeasured) {
      return;
    }
    const now = this.#time.elapsedMs;
    for (const account of accounts) {
      if (account === BUSY_KEY) {
        this.#commits += 1;
        this.#lastCommitAt = now;
      } else {
        this.#bystandersMs.push(now - (this.#takenAt.get(account) ?? now));
      }
    }
  }
}

function payment(number: number, sender: number, recipient: number): string {
  return prepareTransfer(DEBTOR_ID, { number, sender, recipient, amount: sender === ROOT ? 1 : 0 });
}

function numbered(bodies: readonly string[]) {
  return bodies.map((body, index) => ({ messageId: `${index}`, body }));
}
