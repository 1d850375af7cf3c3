/** A locked amount in a user's hands. */

import type { RunningTransfer } from '../records/running-transfer.ts';
import type { CallOptions, Commitment } from './client-options.ts';

/** What a hold needs of its client. */
interface Decider {
  commit(
    idempotencyKey: string,
    commitment: Commitment,
    options: CallOptions,
  ): Promise<RunningTransfer<'finalized'>>;
  dismiss(idempotencyKey: string, options: CallOptions): Promise<RunningTransfer>;
}

/** A locked amount, to be committed or dismissed. `await using` dismisses it at the end of the block unless it was decided. */
export class Hold implements AsyncDisposable {
  /** The transfer as it was when it was locked, or found; later changes do not show here. */
  readonly transfer: RunningTransfer<'prepared' | 'settled' | 'finalized'>;
  readonly #client: Decider;
  #isDecided = false;

  constructor(client: Decider, transfer: RunningTransfer<'prepared' | 'settled' | 'finalized'>) {
    this.#client = client;
    this.transfer = transfer;
  }

  /** Names the hold for `Client.commit` and `Client.dismiss`, also in another process. */
  get idempotencyKey(): string {
    return this.transfer.idempotencyKey;
  }

  /** In whole units. */
  get lockedAmount(): bigint {
    return this.transfer.preparation.lockedAmount;
  }

  /** As `Client.commit`. */
  commit(commitment: Commitment = {}, options: CallOptions = {}): Promise<RunningTransfer<'finalized'>> {
    this.#isDecided = true;
    return this.#client.commit(this.idempotencyKey, commitment, options);
  }

  /** As `Client.dismiss`. */
  dismiss(options: CallOptions = {}): Promise<RunningTransfer> {
    this.#isDecided = true;
    return this.#client.dismiss(this.idempotencyKey, options);
  }

  /** Dismisses, at the end of an `await using` block, what is locked and not decided through this object. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isDecided && this.transfer.status === 'prepared') {
      await this.dismiss();
    }
  }
}
