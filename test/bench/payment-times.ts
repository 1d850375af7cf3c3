/** How long each step of each payment took, as its clients see it. */

import { type Percentiles, percentilesOf } from './percentiles.ts';

/** The steps of a payment, with what each is measured from and to. */
export const STEPS = {
  prepared: 'PrepareTransfer sent → PreparedTransfer',
  finalized: 'FinalizeTransfer sent → FinalizedTransfer',
  debited: 'FinalizeTransfer sent → the sender’s AccountTransfer',
  credited: 'FinalizeTransfer sent → the recipient’s AccountTransfer',
  whole: 'PrepareTransfer sent → the last of these messages',
} as const;

export type Step = keyof typeof STEPS;
export const STEP_NAMES = Object.keys(STEPS) as readonly Step[];

export type StepTimes = Readonly<Record<Step, Percentiles>>;

/** The times of some payments, numbered from 0. */
export class PaymentTimes {
  readonly #sentAt: Float64Array;
  readonly #committedAt: Float64Array;
  readonly #times: Readonly<Record<Step, Float64Array>>;

  constructor(paymentCount: number) {
    const unknown = () => new Float64Array(paymentCount).fill(Number.NaN);
    this.#sentAt = unknown();
    this.#committedAt = unknown();
    this.#times = {
      prepared: unknown(),
      finalized: unknown(),
      debited: unknown(),
      credited: unknown(),
      whole: unknown(),
    };
  }

  /** @param instant in milliseconds, on any clock that all instants share */
  sent(index: number, instant: number): void {
    this.#sentAt[index] = instant;
  }

  committed(index: number, instant: number): void {
    this.#committedAt[index] = instant;
  }

  reached(index: number, step: Step, instant: number): void {
    const since = step === 'prepared' || step === 'whole' ? this.#sentAt : this.#committedAt;
    this.#times[step][index] = instant - (since[index] ?? Number.NaN);
  }

  /** In milliseconds. A step that payments do not have (a root account gets no AccountTransfer) has none. */
  percentiles(): StepTimes {
    const of = (step: Step) => percentilesOf(this.#times[step]);
    return {
      prepared: of('prepared'),
      finalized: of('finalized'),
      debited: of('debited'),
      credited: of('credited'),
      whole: of('whole'),
    };
  }
}
