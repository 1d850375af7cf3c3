/** Gathers what callers hand in at the same moment into batches of ten, as SQS takes them: far fewer calls for the same messages. */

/** What became of one entry: `undefined` for success. */
export type EntryError = Error | undefined;

/** SQS takes ten entries in a call. Messages of this protocol are so short that ten always fit. */
const BATCH_SIZE = 10;

interface Waiting<E> {
  readonly entry: E;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Batches<E> {
  readonly #call: (entries: readonly E[]) => Promise<readonly EntryError[]>;
  #waiting: Waiting<E>[] = [];
  #isScheduled = false;

  /** @param call does one batch, and says for each entry in order what became of it */
  constructor(call: (entries: readonly E[]) => Promise<readonly EntryError[]>) {
    this.#call = call;
  }

  /** Resolves when the entry is done; rejects with its error, or with that of its call. */
  add(entry: E): Promise<void> {
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
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let start = 0; start < waiting.length; start += BATCH_SIZE) {
      this.#send(waiting.slice(start, start + BATCH_SIZE));
    }
  }

  #send(batch: readonly Waiting<E>[]): void {
    this.#call(batch.map(({ entry }) => entry)).then(
      (errors) => {
        for (const [index, { resolve, reject }] of batch.entries()) {
          const error = errors[index];
          if (error === undefined) {
            resolve();
          } else {
            reject(error);
          }
        }
      },
      (error: unknown) => {
        for (const { reject } of batch) {
          reject(error);
        }
      },
    );
  }
}
