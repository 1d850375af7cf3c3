/** Runs one case on an authority: opens and funds the accounts, measures the payments, checks the result. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Authority } from './authority.ts';
import type { BenchCase } from './cases.ts';
import { LedgerCheck, type MessageCounts, type News } from './ledger-check.ts';
import { LostMessageError, startPayments } from './payment-run.ts';
import { type Percentiles, percentilesOf } from './percentiles.ts';
import { type Plan, planPayments } from './plan.ts';
import { type Usage, usageBetween } from './usage.ts';
import { configureAccount, creditorIdOf, ROOT } from './wire.ts';

export interface CaseResult {
  readonly name: string;
  readonly title: string;
  readonly authority: string;
  readonly transferCount: number;
  readonly accountCount: number;
  /** From the first message sent to the last one received. */
  readonly seconds: number;
  readonly transfersPerSecond: number;
  /** In milliseconds, from PrepareTransfer sent to FinalizedTransfer received. */
  readonly finalizedMs: Percentiles;
  /** In milliseconds, from PrepareTransfer sent to the recipient's AccountTransfer received. */
  readonly creditedMs: Percentiles;
  /** Of the measured payments, including the AccountUpdates that follow; CPU time until the last payment was done. */
  readonly usage: Usage | undefined;
  readonly messages: MessageCounts;
  /** What went wrong; a case with any fault has failed. */
  readonly faults: readonly string[];
}

export interface CaseOptions {
  readonly authority: Authority;
  readonly debtorId: number;
  readonly transferCount: number;
  /** How long to wait for the next message before missing ones count as lost. */
  readonly patienceMs: number;
  readonly onProgress: (step: string, done: number, total: number) => void;
}

/** Reports what the authority does wrong in the result's `faults`, and never throws for it. */
export async function runCase(benchCase: BenchCase, options: CaseOptions): Promise<CaseResult> {
  const { transferCount } = options;
  const plan = planPayments({
    accountCount: benchCase.accountCount(transferCount),
    measuredCount: transferCount,
    pairing: benchCase.pairing,
  });
  const running = new RunningCase(benchCase, plan, options);
  try {
    return await running.run();
  } catch (error) {
    if (!(error instanceof LostMessageError)) {
      throw error;
    }
    return running.failure(error.message);
  }
}

/** Of setting up, which is not measured. */
const SETUP_WINDOW = 5_000;
const POLL_MS = 100;
/** Longer than any wait for more messages. */
const REST_MS = 1_000;

class RunningCase {
  readonly #case: BenchCase;
  readonly #plan: Plan;
  readonly #options: CaseOptions;
  readonly #check: LedgerCheck;
  readonly #sendErrors: string[] = [];
  #onNews = (_news: News): void => {};

  constructor(benchCase: BenchCase, plan: Plan, options: CaseOptions) {
    this.#case = benchCase;
    this.#plan = plan;
    this.#options = options;
    this.#check = new LedgerCheck(plan, options.debtorId);
    options.authority.listen((body) => {
      const news = this.#check.receive(body);
      if (news !== undefined) {
        this.#onNews(news);
      }
    });
  }

  async run(): Promise<CaseResult> {
    const { authority, transferCount } = this.#options;
    const { fundingCount, measuredCount } = this.#plan;
    const deadLetters = await authority.countDeadLetters();
    await this.#openAccounts();
    await this.#pay('funding', [0, fundingCount], SETUP_WINDOW);
    await this.#settle();
    const before = await this.#usageAtRest();
    const times = await this.#pay('paying', [fundingCount, fundingCount + measuredCount], this.#case.window);
    const done = await authority.usage();
    await this.#settle();
    const after = await this.#usageAtRest();
    this.#check.finish();
    const newLetters = (await authority.countDeadLetters()) - deadLetters;
    const faults = [
      ...this.#sendErrors,
      ...this.#check.faults,
      ...(await this.#tableFaults()),
      ...(newLetters > 0 ? [`${newLetters} messages went to the dead-letter queue`] : []),
    ];
    return {
      ...this.#identity(),
      seconds: times.totalMs / 1_000,
      transfersPerSecond: (transferCount / times.totalMs) * 1_000,
      finalizedMs: percentilesOf(times.finalizedMs),
      creditedMs: percentilesOf(times.creditedMs),
      usage: before &&
        done &&
        after && { ...usageBetween(before, after), cpu: usageBetween(before, done).cpu },
      messages: this.#check.counts,
      faults,
    };
  }

  failure(reason: string): CaseResult {
    const none = percentilesOf([]);
    return {
      ...this.#identity(),
      seconds: 0,
      transfersPerSecond: 0,
      finalizedMs: none,
      creditedMs: none,
      usage: undefined,
      messages: this.#check.counts,
      faults: [reason, ...this.#sendErrors, ...this.#check.faults],
    };
  }

  #identity() {
    const { name, title } = this.#case;
    const { authority, transferCount } = this.#options;
    return {
      name,
      title,
      authority: authority.description,
      transferCount,
      accountCount: this.#plan.accountCount,
    };
  }

  #send(bodies: readonly string[]): void {
    this.#options.authority.send(bodies).catch((error) => {
      this.#sendErrors.push(`sending failed: ${error}`);
    });
  }

  async #openAccounts(): Promise<void> {
    const { debtorId } = this.#options;
    // The root account first, since it sets the terms of the others.
    this.#send([configureAccount(debtorId, ROOT)]);
    await this.#until('opening', 1, () => this.#check.configuredCount);
    const accounts = Array.from({ length: this.#plan.accountCount }, (_, account) => account);
    this.#send(accounts.map((account) => configureAccount(debtorId, account)));
    await this.#until('opening', 1 + accounts.length, () => this.#check.configuredCount);
  }

  async #pay(step: string, range: readonly [number, number], window: number) {
    const { debtorId, patienceMs, onProgress } = this.#options;
    const run = startPayments({
      debtorId,
      plan: this.#plan,
      range,
      window,
      check: this.#check,
      send: (bodies) => this.#send(bodies),
      patienceMs,
      onProgress: (done) => onProgress(step, done, range[1] - range[0]),
    });
    this.#onNews = run.onNews;
    return run.whenDone;
  }

  /** Waits for the deferred AccountUpdates. */
  async #settle(): Promise<void> {
    const total = this.#plan.accountCount + 1;
    const settled = () => total - this.#check.unannouncedAccounts().length;
    await this.#until('settling', total, settled).catch((error) => {
      // The check reports missing updates, account by account, when it finishes.
      if (!(error instanceof LostMessageError)) {
        throw error;
      }
    });
  }

  /** The usage once all sent messages are processed, that is, once it no longer grows. */
  async #usageAtRest(): Promise<Usage | undefined> {
    const invocations = (usage: Usage | undefined) =>
      Object.values(usage?.functions ?? {}).reduce((sum, { invocations }) => sum + invocations, 0);
    for (let usage = await this.#options.authority.usage(); ; ) {
      await pause(REST_MS);
      const next = await this.#options.authority.usage();
      if (invocations(next) === invocations(usage)) {
        return next;
      }
      usage = next;
    }
  }

  async #until(step: string, total: number, count: () => number): Promise<void> {
    const { patienceMs, onProgress } = this.#options;
    let [reached, since] = [-1, performance.now()];
    for (;;) {
      const present = count();
      if (present !== reached) {
        [reached, since] = [present, performance.now()];
      }
      onProgress(step, reached, total);
      if (reached >= total) {
        return;
      }
      if (performance.now() - since > patienceMs) {
        throw new LostMessageError(`${step}: ${total - reached} of ${total} are missing, and nothing comes.`);
      }
      await pause(POLL_MS);
    }
  }

  /** The accounts table must agree with the messages. */
  async #tableFaults(): Promise<string[]> {
    const { authority, debtorId } = this.#options;
    const expected = [...this.#check.expectedPrincipals()];
    const principals = await authority.readPrincipals(
      debtorId,
      expected.map(([account]) => creditorIdOf(account)),
    );
    const wrong = expected.filter(
      ([account, principal]) => principals.get(creditorIdOf(account)) !== BigInt(principal),
    );
    const sum = [...principals.values()].reduce((total, principal) => total + principal, 0n);
    return [
      ...wrong
        .slice(0, 5)
        .map(
          ([account, principal]) =>
            `the table has ${principals.get(creditorIdOf(account))} for account ${account}, not ${principal}`,
        ),
      ...(sum === 0n ? [] : [`the principals come to ${sum} instead of 0`]),
    ];
  }
}
