/** Decides which faults happen, and counts them. Once calmed it injects no more: so a world is brought to rest. */

import type { FeatureName, Features } from './features.ts';
import type { Random } from './random.ts';

export class Chaos {
  readonly features: Features;
  readonly random: Random;
  readonly #strikes = new Map<string, number>();
  #isCalm = false;

  constructor(features: Features, random: Random) {
    this.features = features;
    this.random = random;
  }

  get isCalm(): boolean {
    return this.#isCalm;
  }

  calm(): void {
    this.#isCalm = true;
  }

  /** Whether the fault happens now, with the probability given by the feature of that name. */
  strikes(name: FeatureName): boolean {
    const isStruck = !this.#isCalm && this.random.chance(this.features[name]);
    if (isStruck) {
      this.count(name);
    }
    return isStruck;
  }

  count(name: string, amount = 1): void {
    this.#strikes.set(name, (this.#strikes.get(name) ?? 0) + amount);
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#strikes);
  }
}
