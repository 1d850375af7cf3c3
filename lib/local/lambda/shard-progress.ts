/** How far a shard is handled while its records are finished out of order. Saving the position is the caller's business. */

export interface ShardProgress {
  /** Takes in a record that was read, in the order of the shard. */
  readonly add: (sequenceNumber: string) => void;
  /** The record needs no handling any more. */
  readonly finish: (sequenceNumber: string) => void;
  /** The last record up to which, and including which, every record is finished; undefined when there is none. */
  readonly position: () => string | undefined;
}

interface Entry {
  readonly sequenceNumber: string;
  isFinished: boolean;
}

export function createShardProgress(position: string | undefined): ShardProgress {
  let reached = position;
  const entries = new Map<string, Entry>();
  return {
    add: (sequenceNumber) => void entries.set(sequenceNumber, { sequenceNumber, isFinished: false }),
    finish: (sequenceNumber) => {
      const entry = entries.get(sequenceNumber);
      if (entry !== undefined) {
        entry.isFinished = true;
      }
      // A Map keeps the order in which records were added.
      for (const first of entries.values()) {
        if (!first.isFinished) {
          break;
        }
        reached = first.sequenceNumber;
        entries.delete(first.sequenceNumber);
      }
    },
    position: () => reached,
  };
}
