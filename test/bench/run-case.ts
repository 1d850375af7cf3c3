/** Runs one case on an authority: opens and funds the accounts, warms up, measures the payments, checks the result. */

import { setTimeout } from 'node:timers/promises';
import type { Authority } from './authority.ts';
import type { CaseResult } from './case-result.ts';
import type { BenchCase } from './cases.ts';
import { LedgerCheck, type News } from './ledger-check.ts';
import { isOneByOne, type Load, underWay } from './load.ts';
import { LostMessageError, startPayments } from './payment-run.ts';
import { PaymentTimes } from './payment-times.ts';
import { type Plan, planPayments } from './plan.ts';
import { principalFaults } from './principals.ts';
import { cpuBetween, usageBetween } from './usage.ts';
import { untilCounted, usageAtRest } from './waiting.ts';
import { configureAccount, creditorIdOf, ROOT } from './wire.ts';

export interface CaseOptions {
  readonly authority: Authority;
  readonly debtorId: number;
  readonly transferCount: number;
  /** Payments before the measured ones; none by default. */
  readonly warmUpCount?: number;
  /** By default the case's own. */
  readonly load?: Load;
  /** How long to wait for the next message before missing ones count as lost. */
  readonly patienceMs: number;
  readonly onProgress: (step: string, done: number, total: number) => void;
}

/** Reports what the authority does wrong in the result's `faults`, and never throws for it. */
export async function runCase(benchCase: BenchCase, options: CaseOptions): Promise<CaseResult> {
  const running = new RunningCase(benchCase, options);
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
const SETUP_LOAD = underWay(5_000);

class RunningCase {
  readonly #case: BenchCase;
  readonly #plan: Plan;
  readonly #load: Load;
  readonly #warmUpCount: number;
  readonly #options: CaseOptions;
  readonly #check: LedgerCheck;
  readonly #sendErrors: string[] = [];
  #onNews = (_news: News): void => {};

  constructor(benchCase: BenchCase, options: CaseOptions) {
    const { authority, debtorId, transferCount, warmUpCount = 0, load = benchCase.load } = options;
    this.#case = benchCase;
    this.#load = load;
    this.#warmUpCount = warmUpCount;
    this.#plan = planPayments(benchCase.parties(warmUpCount + transferCount), warmUpCount + transferCount);
    this.#options = options;
    this.#check = new LedgerCheck(this.#plan, debtorId);
    authority.listen((body) => {
      const news = this.#check.receive(body);
      if (news !== undefined) {
        this.#onNews(news);
      }
    });
  }

  async run(): Promise<CaseResult> {
    const { authority, transferCount } = this.#options;
    const { fundingCount, count } = this.#plan;
    const deadLetters = await authority.countDeadLetters();
    await this.#openAccounts();
    await this.#pay('funding', [0, fundingCount], SETUP_LOAD);
    const warm = fundingCount + this.#warmUpCount;
    await this.#pay('warming up', [fundingCount, warm], this.#load);
    await this.#settle();
    await this.#rest();
    const before = await usageAtRest(authority);
    const { totalMs, times } = await this.#pay('paying', [warm, count], this.#load);
    const done = await authority.usage();
    await this.#settle();
    const after = await usageAtRest(authority);
    this.#check.finish();
    const newLetters = (await authority.countDeadLetters()) - deadLetters;
    return {
      ...this.#identity(),
      seconds: totalMs / 1_000,
      transfersPerSecond: (transferCount / totalMs) * 1_000,
      times: times.percentiles(),
      usage: before && after && usageBetween(before, after),
      processorsBusy: before && done && cpuBetween(before, done) / totalMs,
      faults: [
        ...this.#sendErrors,
        ...this.#check.faults,
        ...(await this.#tableFaults()),
        ...(newLetters > 0 ? [`${newLetters} messages went to the dead-letter queue`] : []),
      ],
    };
  }

  failure(reason: string): CaseResult {
    return {
      ...this.#identity(),
      seconds: 0,
      transfersPerSecond: 0,
      times: new PaymentTimes(0).percentiles(),
      usage: undefined,
      processorsBusy: undefined,
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
      load: this.#load,
      transferCount,
      warmUpCount: this.#warmUpCount,
      accountCount: this.#plan.accountCount,
      messages: this.#check.counts,
    };
  }

  #send(bodies: readonly string[]): void {
    this.#options.authority.send(bodies).catch((error) => {
      this.#sendErrors.push(`sending failed: ${error}`);
    });
  }

  async #openAccounts(): Promise<void> {
    const { debtorId } = this.#options;
    const opened = (total: number) =>
      untilCounted({ ...this.#options, step: 'opening', total, count: () => this.#check.configuredCount });
    // The root account first, since it sets the terms of the others.
    this.#send([configureAccount(debtorId, ROOT)]);
    await opened(1);
    const accounts = Array.from({ length: this.#plan.accountCount }, (_, account) => account);
    this.#send(accounts.map((account) => configureAccount(debtorId, account)));
    await opened(1 + accounts.length);
  }

  async #pay(step: string, range: readonly [number, number], load: Load) {
    const run = startPayments({
      ...this.#options,
      plan: this.#plan,
      range,
      load,
      check: this.#check,
      send: (bodies) => this.#send(bodies),
      onProgress: (done) => this.#options.onProgress(step, done, range[1] - range[0]),
    });
    this.#onNews = run.onNews;
    return run.whenDone;
  }

  /** Waits for the deferred AccountUpdates. */
  async #settle(): Promise<void> {
    const total = this.#plan.accountCount + 1;
    const count = () => total - this.#check.unannouncedAccounts().length;
    await untilCounted({ ...this.#options, step: 'settling', total, count }).catch((error) => {
      // The check reports missing updates, account by account, when it finishes.
      if (!(error instanceof LostMessageError)) {
        throw error;
      }
    });
  }

  /** Until accounts are as those of lone payments are: none has been announced for long, so that a change announces itself. */
  async #rest(): Promise<void> {
    const { authority, onProgress } = this.#options;
    if (isOneByOne(this.#load) && authority.updateDelaySeconds !== undefined) {
      onProgress('resting', 0, 0);
      await setTimeout(authority.updateDelaySeconds * 1_000);
    }
  }

  /** The accounts table must agree with the messages. */
  async #tableFaults(): Promise<string[]> {
    const { authority, debtorId } = this.#options;
    const expected = this.#check.expectedPrincipals();
    const creditorIds = [...expected.keys()].map(creditorIdOf);
    return principalFaults(expected, await authority.readPrincipals(debtorId, creditorIds));
  }
}
