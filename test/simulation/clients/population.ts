/** The clients of a world and their schedule: first they open their accounts, then they act at random. */

import { MAX_INT64, MIN_INT64 } from '../../../lib/protocol/integers.ts';
import type { AccountKey } from '../../../lib/rules/account.ts';
import { DAY, HOUR, MILLISECOND, MINUTE, SECOND } from '../scheduler.ts';
import { AccountHolder } from './account-holder.ts';
import type { ClientTools } from './client.ts';
import { Coordinator, type Plan } from './coordinator.ts';
import { Troublemaker } from './troublemaker.ts';

interface Currency {
  readonly debtor: AccountHolder;
  readonly issuer: Coordinator;
  readonly creditors: readonly Creditor[];
  readonly stranger: Coordinator;
}

interface Creditor {
  readonly holder: AccountHolder;
  readonly payer: Coordinator;
}

const AGENT_ONE = 0x123456n << 40n;
/** So many payments at once are small, and are committed together. */
const MANY = 100;
/** The longest time that messages take, before haste. */
const MESSAGE_MAX_DELAY = 7 * DAY;
/** How often coordinators are reminded, before haste. */
const REMINDER_PERIOD = 7 * DAY;
/** An ID that no account has, until somebody pays it. */
const NOBODY = AGENT_ONE + 999_999n;

export class Population {
  readonly #tools: ClientTools;
  readonly #sweep: () => void;
  readonly #currencies: readonly Currency[];
  readonly #troublemaker: Troublemaker;

  /** @param sweep starts a sweep; sweeps are scheduled while other actions go on, since that finds most races */
  constructor(tools: ClientTools, sweep: () => void) {
    this.#tools = tools;
    this.#sweep = sweep;
    const { random, features } = tools;
    this.#currencies = Array.from({ length: features.currencies }, (_, index) =>
      this.#found(
        BigInt.asIntN(64, random.pick([1n, -1n, 5n, 1n << 62n, MAX_INT64, MIN_INT64]) * BigInt(index + 1)),
      ),
    );
    const accounts = this.#currencies.flatMap(({ debtor, creditors }) => [
      debtor.key,
      ...creditors.map(({ holder }) => holder.key),
    ]);
    this.#troublemaker = new Troublemaker(accounts, tools);
  }

  /** Schedules all actions of the clients. @returns after how many microseconds the last one is done */
  start(): number {
    const { random, features } = this.#tools;
    let delay = 0;
    const then = (maxPause: number, act: () => void): void => {
      delay += random.spread(MILLISECOND, maxPause);
      this.#tools.scheduler.after(delay, act);
    };
    for (const currency of this.#currencies) {
      then(SECOND, () => currency.debtor.configure());
      for (const creditor of currency.creditors) {
        then(5 * SECOND, () => creditor.holder.configure());
      }
      for (const creditor of currency.creditors) {
        then(MINUTE, () => this.#issue(currency, creditor));
      }
    }
    for (let action = 0; action < features.actions; action += 1) {
      then(Math.max(features.actionGap * SECOND, 2 * MILLISECOND), () => this.#act());
    }
    return delay;
  }

  /** Does something at a random time in the second half of the next `duration` microseconds. */
  actLater(duration: number): void {
    const { random, scheduler } = this.#tools;
    scheduler.after((0.5 + random.fraction() / 2) * duration, () => {
      if (random.chance(0.5)) {
        random.pick(random.pick(this.#currencies).creditors).holder.configure();
      } else {
        this.#act();
      }
    });
  }

  #found(debtorId: bigint): Currency {
    const { random, features } = this.#tools;
    const creditors = Array.from({ length: features.creditors }, (_, index) => {
      const creditorId =
        index % 3 === 2
          ? random.pick([-BigInt(index), MIN_INT64, MAX_INT64 - BigInt(index)])
          : AGENT_ONE + BigInt(index);
      return {
        holder: new AccountHolder({ debtorId, creditorId }, this.#tools),
        payer: this.#coordinator('direct', creditorId),
      };
    });
    return {
      debtor: new AccountHolder({ debtorId, creditorId: 0n }, this.#tools),
      issuer: this.#coordinator('issuing', debtorId),
      creditors,
      stranger:
        features.agents > 0
          ? this.#coordinator('agent', AGENT_ONE + 5n)
          : this.#coordinator('swaps', BigInt.asIntN(64, debtorId + 3n)),
    };
  }

  #coordinator(coordinatorType: string, coordinatorId: bigint): Coordinator {
    return new Coordinator({ coordinatorType, coordinatorId }, this.#tools);
  }

  #act(): void {
    const { random, features, chaos } = this.#tools;
    const currency = random.pick(this.#currencies);
    const creditor = random.pick(currency.creditors);
    if (random.chance(features.malformed)) {
      this.#troublemaker.sendMalformed();
    } else if (random.chance(features.misbehaving)) {
      this.#troublemaker.sendNonsense();
    } else if (random.chance(features.amnesia)) {
      chaos.count('amnesia');
      random.pick([creditor.payer, currency.issuer, currency.stranger]).loseDatabase();
    } else if (random.chance(features.deletion)) {
      random.pick([creditor.holder, creditor.holder, currency.debtor]).configure({ wantsDeletion: true });
    } else {
      this.#actUsually(currency, creditor);
    }
  }

  #actUsually(currency: Currency, creditor: Creditor): void {
    const { random, features } = this.#tools;
    const pay = (): void => this.#pay(currency, creditor);
    const manyPayments = (): void => {
      for (let count = 0; count < Math.max(1, features.burst); count += 1) {
        this.#pay(currency, creditor, features.burst >= MANY ? { answerAfter: MINUTE } : undefined);
      }
    };
    const actions = [
      pay,
      pay,
      manyPayments,
      manyPayments,
      () => this.#issue(currency, creditor),
      () => creditor.holder.configure(),
      () => currency.debtor.configure(),
      ...(features.sweeps > 0 ? [this.#sweep] : []),
      ...(features.interest > 0 ? [() => currency.debtor.configure()] : []),
      () => random.pick([creditor.holder, currency.debtor]).configureWrongly(),
      () => this.#payThroughOthers(currency, creditor),
      ...(features.agents > 0 ? [() => this.#payThroughOthers(currency, creditor)] : []),
      ...(features.departures > 0 ? [() => this.#payOneWhoLeaves(currency, creditor)] : []),
      ...(features.interest > 0 ? [() => this.#payAcrossRates(currency, creditor)] : []),
      ...(features.negativeInterest > 0 ? [() => this.#lockForLong(currency, creditor)] : []),
    ];
    random.pick(actions)();
  }

  #issue({ debtor, issuer }: Currency, { holder }: Creditor): void {
    issuer.request(debtor.key, holder.key.creditorId, this.#amount() * 10n);
  }

  #pay(currency: Currency, { holder, payer }: Creditor, plan?: Plan): void {
    const { random } = this.#tools;
    const self = holder.key.creditorId;
    const others = currency.creditors.map((other) => other.holder.key.creditorId).filter((id) => id !== self);
    const recipient =
      others.length === 0 || random.chance(0.1) ? random.pick([0n, NOBODY, self]) : random.pick(others);
    payer.request(holder.key, recipient, plan === undefined ? this.#amount() : 1n, plan);
  }

  /** The coordinator of such a transfer is neither the sender nor the debtor. */
  #payThroughOthers({ creditors, stranger }: Currency, { holder }: Creditor): void {
    const isAgent = stranger.identity.coordinatorType === 'agent';
    const sender: AccountKey = isAgent ? (creditors[0] as Creditor).holder.key : holder.key;
    const known = [...creditors.map((other) => other.holder.key.creditorId), 0n];
    const recipient = this.#tools.random.pick([...known, ...(isAgent ? [NOBODY, NOBODY + 1n] : [])]);
    stranger.request(sender, recipient, this.#amount());
  }

  /** Somebody leaves for good while a payment to them waits: what is committed then brings their account back. */
  #payOneWhoLeaves({ creditors }: Currency, { holder, payer }: Creditor): void {
    const { random, scheduler, features } = this.#tools;
    const others = creditors.filter((other) => other.holder !== holder);
    if (others.length === 0) {
      return;
    }
    const { holder: leaving } = random.pick(others);
    const settled =
      (MESSAGE_MAX_DELAY / features.haste) * 1.05 + 2 * features.clockSkew * SECOND + 2 * MINUTE;
    payer.request(holder.key, leaving.key.creditorId, this.#amount(), {
      answerAfter: settled + HOUR + (random.fraction() * MESSAGE_MAX_DELAY) / features.haste,
    });
    scheduler.after(MINUTE, () => leaving.configure({ wantsDeletion: true }));
    for (const pause of [0, MINUTE, 30 * MINUTE]) {
      scheduler.after(settled + pause, () => this.#sweep());
    }
  }

  /** All that there is is locked, loses its value, and is to be committed when the coordinator was reminded of it. */
  #lockForLong({ debtor }: Currency, { holder, payer }: Creditor): void {
    const { random, scheduler, features } = this.#tools;
    const reminder = (REMINDER_PERIOD / features.haste) * 1.05 + 2 * features.clockSkew * SECOND + HOUR;
    payer.request(holder.key, debtor.key.creditorId, 0n, {
      answerAfter: reminder + random.spread(HOUR, 2 * HOUR),
      locksAll: true,
    });
    scheduler.after(reminder, () => this.#sweep());
  }

  /** A payment is committed under another interest rate than it was agreed to. */
  #payAcrossRates(currency: Currency, creditor: Creditor): void {
    const { random, scheduler } = this.#tools;
    const change = random.pick([MINUTE, HOUR, 8 * DAY]);
    scheduler.after(MINUTE / 2, () => currency.debtor.configure());
    scheduler.after(change, () => this.#sweep());
    const others = currency.creditors.filter((other) => other !== creditor);
    const recipient = others.length === 0 ? 0n : random.pick(others).holder.key.creditorId;
    const plan = { answerAfter: change + random.spread(MINUTE, HOUR) };
    creditor.payer.request(creditor.holder.key, recipient, this.#amount(), plan);
  }

  /**
   * An account was deleted. When it is due to be removed, others pay it and a sweep comes, all at the same time; afterwards its
   * holder may open it again.
   * @param reach after how many microseconds it may be removed
   */
  departed(key: AccountKey, reach: number): void {
    const { random, scheduler, features } = this.#tools;
    const currency = this.#currencies.find(({ debtor }) => debtor.key.debtorId === key.debtorId);
    if (currency === undefined || !random.chance(features.departures)) {
      return;
    }
    const due = reach + 2 * features.clockSkew * SECOND + 10 * MINUTE;
    const sender = currency.creditors[0]?.holder.key as AccountKey;
    const isPayable = currency.stranger.identity.coordinatorType === 'agent' && isOfAgentOne(key.creditorId);
    for (let payment = 0; isPayable && payment < 6; payment += 1) {
      const answerAfter = 10 * MINUTE + (payment - 1) * 0.4 * SECOND;
      scheduler.after(due - 10 * MINUTE, () =>
        currency.stranger.request(sender, key.creditorId, 1n, { answerAfter }),
      );
    }
    scheduler.after(due, () => this.#sweep());
    const holders = [currency.debtor, ...currency.creditors.map(({ holder }) => holder)];
    const holder = holders.find((one) => one.key.creditorId === key.creditorId);
    if (random.chance(0.3)) {
      scheduler.after(due + random.fraction() * 4 * SECOND, () => holder?.configure());
    }
    if (random.chance(0.7)) {
      scheduler.after(due + random.spread(MINUTE, 2 * DAY), () => holder?.configure());
    }
  }

  #amount(): bigint {
    const { random, features } = this.#tools;
    if (features.hugeAmounts > 0 && random.chance(0.5)) {
      return random.pick([MAX_INT64 / 10n, MAX_INT64 / 20n, MAX_INT64 / 30n]);
    }
    return random.chance(0.1) ? random.pick([0n, 1n]) : BigInt(random.between(1, 200));
  }
}

function isOfAgentOne(creditorId: bigint): boolean {
  return creditorId >> 40n === AGENT_ONE >> 40n;
}
