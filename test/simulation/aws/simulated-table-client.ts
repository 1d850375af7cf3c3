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
import { SECOND } from '../scheduler.ts';
import {
  connectionReset,
  internalServerError,
  throughputExceeded,
  timeout,
  transactionCanceled,
  transactionConflict,
} from './aws-errors.ts';
import { isConditionMet } from './condition-expressions.ts';
import type { CallFault, Invocation } from './invocation.ts';
import type { SimulatedTables, WriteRequest } from './simulated-tables.ts';

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
      return invocation.call('BatchGet', () => batchGet(tables, command.input, chaos), readFault(chaos));
    }
    if (command instanceof ScanCommand) {
      return invocation.call('Scan', () => scan(tables, command.input, chaos), readFault(chaos));
    }
    if (command instanceof DescribeTableCommand) {
      const { TableName = '' } = command.input;
      const describe = (): object => ({ Table: { TableName, ItemCount: chaos.features.countedItems } });
      return invocation.call('DescribeTable', describe, readFault(chaos));
    }
    if (command instanceof TransactWriteCommand) {
      const writes = (command.input.TransactItems ?? []) as WriteRequest[];
      const apply = (): object => {
        tables.write(writes, true);
        return {};
      };
      return invocation.call('TransactWrite', apply, writeFault(chaos, writes.length));
    }
    if (command instanceof PutCommand || command instanceof DeleteCommand) {
      const write = command instanceof PutCommand ? { Put: command.input } : { Delete: command.input };
      const apply = (): object => {
        tables.write([write as WriteRequest], false);
        return {};
      };
      return invocation.call(command instanceof PutCommand ? 'Put' : 'Delete', apply, writeFault(chaos));
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
    random: { shuffled: (items: readonly unknown[]) => items },
    features: { scanPage: 0, countedItems: 0 },
  };
  return simulatedTableClient(tables, invocation as unknown as Invocation, chaos as unknown as Chaos);
}

function readFault(chaos: Chaos): CallFault | undefined {
  if (chaos.strikes('throttles')) {
    return { kind: 'refused', error: throughputExceeded() };
  }
  return chaos.strikes('failuresBefore')
    ? { kind: 'refused', error: chaos.random.pick([internalServerError, timeout, connectionReset])() }
    : undefined;
}

/** @param size the number of items of a transaction; `undefined` for a single write */
function writeFault(chaos: Chaos, size?: number): CallFault | undefined {
  const { random } = chaos;
  const canceled = (code: string): Error => {
    const guilty = random.between(0, (size ?? 1) - 1);
    return transactionCanceled(Array.from({ length: size ?? 1 }, (_, at) => (at === guilty ? code : 'None')));
  };
  if (chaos.strikes('throttles')) {
    return {
      kind: 'refused',
      error: size === undefined ? throughputExceeded() : canceled('ThrottlingError'),
    };
  }
  if (chaos.strikes('conflicts')) {
    return {
      kind: 'refused',
      error: size === undefined ? transactionConflict() : canceled('TransactionConflict'),
    };
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
  // The SDK repeats a request whose answer was lost; only a transaction's token makes the repetition harmless.
  return size === undefined && chaos.strikes('repeatedWrites') ? { kind: 'done twice' } : undefined;
}

function batchGet(tables: SimulatedTables, input: BatchGetCommand['input'], chaos: Chaos): object {
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

function scan(tables: SimulatedTables, input: ScanCommand['input'], chaos: Chaos): object {
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
  return {
    Items: wanted.map((item) => ({ ...item })),
    Count: wanted.length,
    ScannedCount: items.length,
    ...(last !== undefined && { LastEvaluatedKey: tables.keyItemOf(table, last) }),
  };
}

/** A real page also ends after a megabyte. Simulated items never fill one, so a simulated page ends at random. */
function pageSize(limit: number | undefined, { random, features }: Chaos): number {
  return Math.min(
    limit ?? MAX_SCAN_PAGE,
    features.scanPage > 0 ? random.between(1, features.scanPage) : MAX_SCAN_PAGE,
  );
}
