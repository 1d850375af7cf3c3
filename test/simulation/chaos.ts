/** Decides which faults happen, and counts them. Once calmed it injects no more: so a world is brought to rest. */

import { topicsDown } from './aws/aws-errors.ts';
import type { Death, DisasterInTime, DisasterKind } from './disaster.ts';
import type { FeatureName, Features } from './features.ts';
import type { Random } from './random.ts';
import { HOUR, type Instant, MINUTE, SECOND } from './scheduler.ts';

/** Enough that a function dies at the same place again when its work comes again. */
const PLANNED_DEATHS = 3;

export class Chaos {
  readonly features: Features;
  readonly random: Random;
  readonly #strikes = new Map<string, number>();
  readonly #told = new Map<string, number>();
  readonly #whenCalm: (() => void)[] = [];
  #isCalm = false;
  #topicOutage: { readonly until: Instant; readonly error: Error } | undefined;
  #disaster: DisasterInTime | undefined;
  #death: Death | undefined;
  /** How many invocations of the planned kind have died. */
  #deaths = 0;
  #outage: { readonly until: Instant; readonly kind: 'throttles' | 'conflicts' } | undefined;

  constructor(features: Features, random: Random) {
    this.features = features;
    this.random = random;
  }

  get isCalm(): boolean {
    return this.#isCalm;
  }

  /** The disaster of a drill, which calming the world does not end. */
  befall(disaster: DisasterInTime): void {
    this.#disaster = disaster;
  }

  /** Whether the disaster of the drill is of that kind and goes on. */
  suffers(kind: DisasterKind, now: Instant): boolean {
    const isOn = this.#disaster?.isOn(kind, now) === true;
    if (isOn) {
      this.count(`disaster ${kind}`);
    }
    return isOn;
  }

  /** When the disaster ends. */
  get endOfDisaster(): Instant {
    return this.#disaster?.end ?? 0;
  }

  /** From now on the first invocations of that name which come so far die there. */
  planDeath(death: Death): void {
    this.#death = death;
  }

  /** Whether an invocation dies at this call; if so, whether the call takes effect. */
  deathAt(name: string, call: number): { readonly isSent: boolean } | undefined {
    const death = this.#death;
    if (death?.call !== call || !name.startsWith(death.name) || this.#deaths >= PLANNED_DEATHS) {
      return undefined;
    }
    this.#deaths += 1;
    this.count('plannedDeaths');
    return death;
  }

  /** Does something once faults have ended. */
  whenCalm(act: () => void): void {
    this.#whenCalm.push(act);
  }

  calm(): void {
    this.#isCalm = true;
    for (const act of this.#whenCalm.splice(0)) {
      act();
    }
  }

  /** Whether the fault happens now, with the probability given by the feature of that name. */
  strikes(name: FeatureName): boolean {
    const isStruck = !this.#isCalm && this.random.chance(this.features[name]);
    if (isStruck) {
      this.count(name);
    }
    return isStruck;
  }

  /** Whether the tables are out of order, which they may become at any call. @returns what they refuse calls with */
  outage(now: Instant): 'throttles' | 'conflicts' | undefined {
    if (this.suffers('tables throttle', now)) {
      return 'throttles';
    }
    if (this.#outage === undefined && this.strikes('outages')) {
      const until = now + this.random.spread(SECOND, 2 * MINUTE);
      this.#outage = { until, kind: this.random.pick(['throttles', 'conflicts']) };
    }
    if (this.#isCalm || this.#outage === undefined || now >= this.#outage.until) {
      this.#outage = undefined;
    }
    return this.#outage?.kind;
  }

  /** From now on no topic takes anything, until the outage ends. It does not end when the world is calmed. */
  beginTopicOutage(error: Error, now: Instant): void {
    this.#topicOutage = { error, until: now + this.features.topicOutage * HOUR };
    this.count('topicOutage');
  }

  /** Why topics take nothing now, if so. */
  topicOutage(now: Instant): Error | undefined {
    if (this.suffers('topics down', now)) {
      return topicsDown();
    }
    return this.#topicOutage !== undefined && now < this.#topicOutage.until
      ? this.#topicOutage.error
      : undefined;
  }

  count(name: string, amount = 1): void {
    this.#strikes.set(name, (this.#strikes.get(name) ?? 0) + amount);
  }

  /** Counts what the code under test tells of its own work. */
  tell(name: string, amount = 1): void {
    this.#told.set(name, (this.#told.get(name) ?? 0) + amount);
  }

  get counts(): Readonly<Record<string, number>> {
    const told = [...this.#told].map(([name, count]) => [`told ${name}`, count] as const);
    return Object.fromEntries([...this.#strikes, ...told]);
  }
}
