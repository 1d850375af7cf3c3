/** How far a shard is handled while its records are finished out of order. The caller saves the position. */

export class ShardProgress {
  #position: string | undefined;
  /** Whether each record that was read is finished, by its sequence number and in the order of the shard. */
  readonly #finished = new Map<string, boolean>();

  constructor(position: string | undefined) {
    this.#position = position;
  }

  /** The last record up to which, and including which, every record is finished; undefined when there is none. */
  get position(): string | undefined {
    return this.#position;
  }

  /** Takes in a record that was read, in the order of the shard. */
  add(sequenceNumber: string): void {
    this.#finished.set(sequenceNumber, false);
  }

  /** The record needs no handling any more. */
  finish(sequenceNumber: string): void {
    if (this.#finished.has(sequenceNumber)) {
      this.#finished.set(sequenceNumber, true);
    }
    for (const [first, isFinished] of this.#finished) {
      if (!isFinished) {
        break;
      }
      this.#position = first;
      this.#finished.delete(first);
    }
  }
}
