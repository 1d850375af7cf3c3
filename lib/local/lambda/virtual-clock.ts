/**
 * A clock that stands still until it is moved, for those who let years pass: functions see it instead of the machine's.
 * The emulators go on by the machine's clock; nothing that they do depends on what time it is.
 */

import type { DynamoDbClient, Operation } from '../emulators/dynamo-db-client.ts';

export interface VirtualClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Moves the clock, forward or back, for all functions at once. */
  readonly set: (milliseconds: number) => void;
  /** What the clock's time is shared in with the functions' workers. */
  readonly memory: SharedArrayBuffer;
}

/** @param start milliseconds since 1970 */
export function createVirtualClock(start: number): VirtualClock {
  const memory = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  const time = new BigInt64Array(memory);
  const clock = {
    now: () => Number(Atomics.load(time, 0)),
    set: (milliseconds: number) => void Atomics.store(time, 0, BigInt(Math.round(milliseconds))),
    memory,
  };
  clock.set(start);
  return clock;
}

const DAY_MS = 86_400_000;
const TICK_MS = 10;

/** A clock that goes as the machine's, so many days ahead of it, as long as this process runs. */
export function createClockAhead(days: number): VirtualClock {
  const now = () => Date.now() + days * DAY_MS;
  const clock = createVirtualClock(now());
  setInterval(() => clock.set(now()), TICK_MS).unref();
  return clock;
}

/** From here on `Date` of this thread tells the clock's time. What was begun before keeps its timers, which are real. */
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

/** The client, with the clock's time in the records that it reads from streams: from there it comes into messages. */
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

interface StreamRecord {
  readonly dynamodb: object;
}
