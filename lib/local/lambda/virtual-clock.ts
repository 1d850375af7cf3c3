/**
 * A clock that stands still until it is moved, for runs in which years pass. Functions see it in place of the machine's
 * clock. The emulators keep to the machine's; nothing that they do depends on the time.
 */

import type { DynamoDbClient, Operation } from '../emulators/dynamo-db-client.ts';
import type { StreamRecord } from '../emulators/table-stream.ts';

export class VirtualClock {
  /** Shares the clock's time with the functions' workers. */
  readonly memory = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  readonly #time = new BigInt64Array(this.memory);

  /** @param start milliseconds since 1970 */
  constructor(start: number) {
    this.set(start);
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Number(Atomics.load(this.#time, 0));
  }

  /** Moves the clock, forward or back, for all functions at once. */
  set(milliseconds: number): void {
    Atomics.store(this.#time, 0, BigInt(Math.round(milliseconds)));
  }
}

const DAY_MS = 86_400_000;
const TICK_MS = 10;

/** A clock that runs so many days ahead of the machine's, as long as this process runs. */
export function startClockAhead(days: number): VirtualClock {
  const now = () => Date.now() + days * DAY_MS;
  const clock = new VirtualClock(now());
  setInterval(() => clock.set(now()), TICK_MS).unref();
  return clock;
}

/** From now on, `Date` in this thread tells the clock's time. Timers still go by the machine's. */
export function obeyVirtualClock(memory: SharedArrayBuffer): void {
  const time = new BigInt64Array(memory);
  const now = () => Number(Atomics.load(time, 0));
  globalThis.Date = new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new Date().toString(),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
}

/** The client, with the clock's time in the records that it reads from streams; messages take their time from there. */
export function withClockInStreams(client: DynamoDbClient, clock: VirtualClock): DynamoDbClient {
  return {
    ...client,
    call: async <Output>(operation: Operation, input: object) => {
      const output = await client.call<Output & { readonly Records?: readonly StreamRecord[] }>(
        operation,
        input,
      );
      if (operation !== 'DynamoDBStreams.GetRecords' || output.Records === undefined) {
        return output;
      }
      const ApproximateCreationDateTime = clock.now() / 1000;
      return {
        ...output,
        Records: output.Records.map((record) => ({
          ...record,
          dynamodb: { ...record.dynamodb, ApproximateCreationDateTime },
        })),
      };
    },
  };
}
