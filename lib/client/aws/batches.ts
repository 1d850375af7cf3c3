/** Gathers what callers hand in at the same moment into batches of ten, as SQS takes them: far fewer calls for the same messages. */

/** SQS takes ten entries in a call. Messages of this protocol are so short that ten always fit. */
const BATCH_SIZE = 10;
/** What comes while so many calls are under way waits, and shares the next ones. */
const CALLS_AT_ONCE = 8;

interface Waiting<E, R> {
  readonly entry: E;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export class Batches<E, R> {
  readonly #call: (entries: readonly E[]) => Promise<readonly (R | Error)[]>;
  #waiting: Waiting<E, R>[] = [];
  /** How many of those that wait were taken into calls. */
  #takenCount = 0;
  #callCount = 0;
  #isScheduled = false;

  /** @param call does one batch, and says for each entry in order what came of it */
  constructor(call: (entries: readonly E[]) => Promise<readonly (R | Error)[]>) {
    this.#call = call;
  }

  /** Resolves with what came of the entry; rejects with its error, or with that of its call. */
  add(entry: E): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      if (!this.#isScheduled) {
        this.#isScheduled = true;
        setImmediate(() => this.#flush());
      }
    });
  }

  #flush(): void {
    this.#isScheduled = false;
    while (this.#takenCount < this.#waiting.length && this.#callCount < CALLS_AT_ONCE) {
      const batch = this.#waiting.slice(this.#takenCount, this.#takenCount + BATCH_SIZE);
      this.#takenCount += batch.length;
      this.#callCount += 1;
      void this.#send(batch);
    }
    if (this.#takenCount === this.#waiting.length) {
      this.#waiting = [];
      this.#takenCount = 0;
    }
  }

  async #send(batch: readonly Waiting<E, R>[]): Promise<void> {
    const results = await this.#resultsOf(batch);
    this.#callCount -= 1;
    for (const [index, { resolve, reject }] of batch.entries()) {
      const result = results[index];
      if (result instanceof Error) {
        reject(result);
      } else {
        resolve(result as R);
      }
    }
    this.#flush();
  }

  async #resultsOf(batch: readonly Waiting<E, R>[]): Promise<readonly (R | Error)[]> {
    try {
      return await this.#call(batch.map(({ entry }) => entry));
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error), { cause: error });
      return batch.map(() => failure);
    }
  }
}
