/**
 * A clock that stands still until it is moved, for runs in which years pass, or runs ahead of the machine's. Functions see
 * it in place of the machine's clock. The emulators keep to the machine's; nothing that they do depends on the time.
 */

import type { DynamoDbClient, Operation } from '../emulators/dynamo-db-client.ts';
import type { StreamRecord } from '../emulators/table-stream.ts';

/** In the memory's first place while the clock runs as the machine's does, so many milliseconds ahead. */
const RUNS = -1n;
/** What is at which place of the memory: the time at which the clock stands, and how far it runs ahead. */
const [STANDS_AT, AHEAD] = [0, 1];

export class VirtualClock {
  /** Shares the clock's time with the functions' workers. */
  readonly memory = new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT);
  protected readonly cells = new BigInt64Array(this.memory);

  /** @param start milliseconds since 1970 */
  constructor(start: number) {
    this.set(start);
  }

  /** Milliseconds since 1970. */
  now(): number {
    return timeIn(this.cells, Date.now());
  }

  /** Whether it tells the machine's time. */
  get isTrue(): boolean {
    return this.cells[STANDS_AT] === RUNS && this.cells[AHEAD] === 0n;
  }

  /** Moves the clock, forward or back, for all functions at once. It stands there. */
  set(milliseconds: number): void {
    Atomics.store(this.cells, STANDS_AT, BigInt(Math.round(milliseconds)));
  }
}

function timeIn(cells: BigInt64Array, machineTime: number): number {
  const standsAt = Atomics.load(cells, STANDS_AT);
  return standsAt === RUNS ? machineTime + Number(Atomics.load(cells, AHEAD)) : Number(standsAt);
}

const DAY_MS = 86_400_000;

/** A clock that runs as the machine's does, some days ahead. */
export class ClockAhead extends VirtualClock {
  /** @param days 0 for the machine's own time */
  constructor(days: number) {
    super(0);
    Atomics.store(this.cells, STANDS_AT, RUNS);
    this.moveAhead(days);
  }

  /** Moves the clock so many days further ahead, for all functions at once. */
  moveAhead(days: number): void {
    Atomics.add(this.cells, AHEAD, BigInt(Math.round(days * DAY_MS)));
  }
}

/** From now on, `Date` in this thread tells the clock's time. Timers still go by the machine's. */
export function obeyVirtualClock(memory: SharedArrayBuffer): void {
  const cells = new BigInt64Array(memory);
  const machineTime = Date.now;
  const now = () => timeIn(cells, machineTime());
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
      if (operation !== 'DynamoDBStreams.GetRecords' || output.Records === undefined || clock.isTrue) {
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
