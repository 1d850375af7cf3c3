/** The document client of one invocation: it calls the simulated tables over an unreliable connection. */

import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  ScanCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Item } from '../../../lib/storage/fields.ts';
import type { Chaos } from '../chaos.ts';
import { type Instant, SECOND } from '../scheduler.ts';
import {
  connectionReset,
  internalServerError,
  oddError,
  throttled,
  throughputExceeded,
  timeout,
  transactionCanceled,
  transactionConflict,
  transactionInProgress,
} from './aws-errors.ts';
import { isConditionMet } from './condition-expressions.ts';
import type { CallFault, Invocation } from './invocation.ts';
import { asNewerRelease } from './newer-release.ts';
import type { SimulatedTables, WriteRequest } from './simulated-tables.ts';

/** What tells whether the tables are out of order just now. */
interface Clock {
  readonly now: Instant;
}

/** How long a request may still be under way after the client has given it up. */
const MAX_LATE_WRITE = 20 * SECOND;
const MAX_SCAN_PAGE = 1_000;

export function simulatedTableClient(
  tables: SimulatedTables,
  invocation: Invocation,
  chaos: Chaos,
): DynamoDBDocumentClient {
  const send = (command: unknown): Promise<unknown> => {
    if (command instanceof BatchGetCommand) {
      return invocation
        .call('BatchGet', () => batchGet(tables, command.input, chaos), readFault(invocation, chaos))
        .then((answer) => {
          invocation.passingFaults += Object.keys(answer.UnprocessedKeys).length;
          return answer;
        });
    }
    if (command instanceof ScanCommand) {
      invocation.lastPage = undefined;
      return invocation
        .call('Scan', () => scan(tables, command.input, chaos), readFault(invocation, chaos))
        .then((page) => {
          invocation.lastPage = page.LastEvaluatedKey === undefined ? 'table' : 'page';
          return page;
        });
    }
    if (command instanceof DescribeTableCommand) {
      const { TableName = '' } = command.input;
      const describe = (): object => ({ Table: { TableName, ItemCount: chaos.features.countedItems } });
      return invocation.call('DescribeTable', describe, readFault(invocation, chaos));
    }
    if (command instanceof TransactWriteCommand) {
      const writes = writtenBy(invocation, chaos, (command.input.TransactItems ?? []) as WriteRequest[]);
      const removal = writes.findIndex((write) => 'Delete' in write);
      const apply = (): object => {
        if (tables.unmet(writes)[removal]) {
          chaos.count('purge refused');
        }
        tables.write(writes, true, invocation);
        return {};
      };
      return invocation.call(
        removal < 0 ? 'TransactWrite' : 'Delete',
        apply,
        writeFault(invocation, chaos, () => tables.unmet(writes)),
      );
    }
    if (command instanceof PutCommand || command instanceof DeleteCommand) {
      const request = command instanceof PutCommand ? { Put: command.input } : { Delete: command.input };
      const writes = writtenBy(invocation, chaos, [request as WriteRequest]);
      const apply = (): object => {
        if (command instanceof DeleteCommand && tables.unmet(writes)[0]) {
          chaos.count('purge refused');
        }
        tables.write(writes, false, invocation);
        return {};
      };
      return invocation.call(
        command instanceof PutCommand ? 'Put' : 'Delete',
        apply,
        writeFault(invocation, chaos),
      );
    }
    throw new Error(`${(command as object).constructor.name} is not simulated`);
  };
  return { send } as unknown as DynamoDBDocumentClient;
}

/** The same without delays and faults. The contract suite compares this one with the real service. */
export function faultlessTableClient(tables: SimulatedTables): DynamoDBDocumentClient {
  const invocation = { call: async (_operation: string, apply: () => unknown) => apply() };
  const chaos = {
    strikes: () => false,
    outage: () => undefined,
    suffers: () => false,
    count: () => {},
    random: { shuffled: (items: readonly unknown[]) => items },
    features: { scanPage: 0, countedItems: 0 },
  };
  return simulatedTableClient(tables, invocation as unknown as Invocation, chaos as unknown as Chaos);
}

/** Whether the function is one of a newer release, from its first write to its last. */
const RELEASES = new WeakMap<Invocation, boolean>();

function writtenBy(
  invocation: Invocation,
  chaos: Chaos,
  writes: readonly WriteRequest[],
): readonly WriteRequest[] {
  const isNewer = RELEASES.get(invocation) ?? chaos.strikes('newerRelease');
  RELEASES.set(invocation, isNewer);
  return isNewer ? writes.map(asNewerRelease) : writes;
}

function readFault({ now }: Clock, chaos: Chaos): CallFault | undefined {
  if (chaos.suffers('tables down', now)) {
    return tablesDown(chaos);
  }
  if (chaos.outage(now) === 'throttles' || chaos.strikes('throttles')) {
    return { kind: 'refused', error: chaos.random.pick([throughputExceeded, throttled])() };
  }
  if (chaos.strikes('oddErrors')) {
    return { kind: 'refused', error: oddError() };
  }
  return chaos.strikes('failuresBefore')
    ? { kind: 'refused', error: chaos.random.pick([internalServerError, timeout, connectionReset])() }
    : undefined;
}

/** @param unmet of a transaction, for each of its items, whether its condition fails; `undefined` for a single write */
function writeFault({ now }: Clock, chaos: Chaos, unmet?: () => readonly boolean[]): CallFault | undefined {
  const { random } = chaos;
  if (chaos.suffers('tables down', now)) {
    return tablesDown(chaos);
  }
  const outage = chaos.outage(now);
  if (outage === 'throttles' || chaos.strikes('throttles')) {
    const single = random.pick([throughputExceeded, throttled]);
    return { kind: 'refused', error: canceledBy('ThrottlingError', chaos, unmet) ?? single() };
  }
  if (outage === 'conflicts' || chaos.strikes('conflicts')) {
    const error = canceledBy('TransactionConflict', chaos, unmet) ?? transactionConflict();
    return { kind: 'refused', error: unmet && random.chance(0.1) ? transactionInProgress() : error };
  }
  if (chaos.strikes('oddErrors')) {
    return { kind: 'refused', error: oddError() };
  }
  if (chaos.strikes('failuresBefore')) {
    return { kind: 'refused', error: random.pick([internalServerError, timeout, connectionReset])() };
  }
  if (chaos.strikes('failuresAfter')) {
    return { kind: 'answer lost', error: random.pick([internalServerError, timeout, connectionReset])() };
  }
  if (chaos.strikes('lateWrites')) {
    return { kind: 'done late', error: timeout(), delay: random.spread(1_000, MAX_LATE_WRITE) };
  }
  // The SDK repeats a request whose answer it missed; only a transaction's token makes the repetition harmless.
  return unmet === undefined && chaos.strikes('repeatedWrites') ? { kind: 'done twice' } : undefined;
}

/** A cancelled transaction: one item or several are at fault, for reasons of their own, besides those whose condition fails. */
function canceledBy(
  code: string,
  { random }: Chaos,
  unmet: (() => readonly boolean[]) | undefined,
): Error | undefined {
  const failed = unmet?.();
  if (failed === undefined) {
    return undefined;
  }
  const guilty = random.between(0, failed.length - 1);
  const others = ['None', 'None', 'TransactionConflict', 'ThrottlingError'];
  return transactionCanceled(
    failed.map((isUnmet, at) =>
      at === guilty
        ? code
        : isUnmet
          ? 'ConditionalCheckFailed'
          : random.chance(0.2)
            ? random.pick(others)
            : 'None',
    ),
  );
}

function batchGet(tables: SimulatedTables, input: BatchGetCommand['input'], chaos: Chaos) {
  const Responses: Record<string, Item[]> = {};
  const UnprocessedKeys: Record<string, object> = {};
  for (const [table, { Keys = [], ConsistentRead }] of Object.entries(input.RequestItems ?? {})) {
    const isPartial = chaos.strikes('unprocessedKeys');
    const done = isPartial ? Keys.filter(() => chaos.random.chance(0.6)) : Keys;
    const left = Keys.filter((key) => !done.includes(key));
    const items =
      done.length === 0 && Keys.length > 0
        ? []
        : tables.read(table, done, ConsistentRead === true ? () => 0 : () => ageOfRead(chaos));
    Responses[table] = chaos.random.shuffled(items).map((item) => ({ ...item }));
    if (left.length > 0) {
      UnprocessedKeys[table] = { Keys: left, ConsistentRead };
    }
  }
  return { Responses, UnprocessedKeys };
}

function ageOfRead(chaos: Chaos): number {
  return chaos.strikes('staleReads') ? chaos.random.fraction() * chaos.features.staleness * SECOND : 0;
}

function scan(
  tables: SimulatedTables,
  input: ScanCommand['input'],
  chaos: Chaos,
): object & { readonly LastEvaluatedKey?: Item } {
  const {
    TableName: table = '',
    Segment = 0,
    TotalSegments = 1,
    ExclusiveStartKey,
    FilterExpression,
  } = input;
  const after = ExclusiveStartKey && tables.keyOf(table, ExclusiveStartKey);
  const page = { segment: Segment, total: TotalSegments, after };
  const ageOf = input.ConsistentRead === true ? () => 0 : () => ageOfRead(chaos);
  const { items, last } = tables.scan(table, page, pageSize(input.Limit, chaos), ageOf);
  const wanted = items.filter(
    (item) => FilterExpression === undefined || isConditionMet(FilterExpression, input, item),
  );
  const answer = {
    Items: wanted.map((item) => ({ ...item })),
    Count: wanted.length,
    ScannedCount: items.length,
    ...(last !== undefined && { LastEvaluatedKey: tables.keyItemOf(table, last) }),
  };
  return answer;
}

/** A real page also ends after a megabyte. Simulated items never fill one, so a simulated page ends at random. */
function pageSize(limit: number | undefined, { random, features }: Chaos): number {
  return Math.min(
    limit ?? MAX_SCAN_PAGE,
    features.scanPage > 0 ? random.between(1, features.scanPage) : MAX_SCAN_PAGE,
  );
}

function tablesDown({ random }: Chaos): CallFault {
  return { kind: 'refused', error: random.pick([internalServerError, timeout, connectionReset])() };
}
