import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StreamRecord } from '../../lib/local/emulators/table-stream.ts';
import { runRedriveCommand } from '../../lib/operations/redrive/redrive-command.ts';
import type { AccountKey } from '../../lib/rules/account.ts';
import type { KeptRecord } from '../../lib/shell/kept-records.ts';
import { sweepTransfers } from '../../lib/shell/sweep-transfers.ts';
import { itemClient } from '../../lib/storage/item-client.ts';
import { LedgerStore } from '../../lib/storage/ledger-store.ts';
import { encodeRecordKey, printRecordKey } from '../../lib/storage/record-keys.ts';
import { TableScan } from '../../lib/storage/table-scan.ts';
import { toWire } from '../../lib/storage/wire-item.ts';
import { type EmulatedStack, startEmulatedStack } from '../support/emulated-stack.ts';
import { feedStream, functionEnvironment } from '../support/failing-stream.ts';
import { anInvocation } from '../support/invocations.ts';
import { runTool } from '../support/operator-tool.ts';
import { AUDITED_AT, aSampleLedger, BOB, type SampleLedger } from '../support/sample-ledger.ts';
import { TestSurroundings } from '../support/shell-surroundings.ts';
import { anyPace } from '../support/sweep-pace.ts';
import { type WireItem, wireAccount, wireRecord } from '../support/wire-tables.ts';

const PUBLISHER = 'SwaptacularAccounts-PublishEvents0A1B2C3D-xyz';
const CREDITOR = 'SwaptacularAccounts-CreditRecipients0A1B2C3D-xyz';

let stack: EmulatedStack;
let ledger: SampleLedger;
let environment: NodeJS.ProcessEnv;

beforeEach(() => {
  environment = { ...process.env };
  ledger = aSampleLedger();
});

afterEach(async () => {
  process.env = environment;
  await stack.stop();
});

const FUNCTIONS = {
  'publish-events': { functionName: PUBLISHER, load: () => import('../../functions/publish-events.ts') },
  'credit-recipients': {
    functionName: CREDITOR,
    load: () => import('../../functions/credit-recipients.ts'),
    isWanted: (record: StreamRecord) => statusIn(record.dynamodb.NewImage) === 'committed',
  },
} as const;

/** Lets the function handle what the stream of transfers has, in an environment of the test's. @returns how often it failed */
async function feed(
  name: keyof typeof FUNCTIONS,
  variables: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { load, ...options } = FUNCTIONS[name];
  Object.assign(process.env, functionEnvironment(stack), variables);
  // Handlers read their environment when they are loaded.
  vi.resetModules();
  const { handler } = await load();
  return feedStream(stack, { table: 'Transfers', handler, ...options });
}

function statusIn(image: object | undefined): string | undefined {
  return (image as { readonly status?: { readonly S: string } } | undefined)?.status?.S;
}

async function putAccounts(): Promise<void> {
  for (const account of ledger.world.accounts.values()) {
    await stack.put('Accounts', wireAccount(account));
  }
}

function itemOf(name: keyof SampleLedger['transfers']): WireItem {
  const record = ledger.world.records.get(printRecordKey(ledger.transfers[name]));
  if (record === undefined) {
    throw new Error(`There is no ${name}.`);
  }
  return wireRecord(record);
}

/** The item of the committed transfer, but it can't be told what was paid. */
function poisonItem(): WireItem {
  return { ...itemOf('committed'), payment: { S: 'a lot' } };
}

/** The same under an ID of its own. */
function otherPoisonItem(): WireItem {
  return { ...poisonItem(), ...toWire(encodeRecordKey({ ...ledger.transfers.committed, transferId: 1n })) };
}

/** A credited transfer, a committed one that can't be read, a committed one, and a rejected one. */
async function putWithPoison(): Promise<void> {
  await stack.put('Transfers', itemOf('credited'));
  await stack.put('Transfers', otherPoisonItem());
  await stack.put('Transfers', itemOf('committed'));
  await stack.put('Transfers', itemOf('rejected'));
}

async function statusOf(name: keyof SampleLedger['transfers']): Promise<string> {
  const { Item } = await stack.dynamoDb.call<{ Item: { status: { S: string } } }>('DynamoDB.GetItem', {
    TableName: stack.outputs.TransfersTableName,
    Key: toWire(encodeRecordKey(ledger.transfers[name])),
  });
  return Item.status.S;
}

async function principalOf({ debtorId, creditorId }: AccountKey): Promise<string> {
  const { Item } = await stack.dynamoDb.call<{ Item: { principal: { N: string } } }>('DynamoDB.GetItem', {
    TableName: stack.outputs.AccountsTableName,
    Key: { account: { S: `${debtorId}:${creditorId}` } },
  });
  return Item.principal.N;
}

/** One sweep over the transfers, at a time when what is committed should long have been credited. */
async function sweep(): Promise<void> {
  const endpoint = stack.outputs.DynamoDbEndpoint ?? '';
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ region: 'us-east-1', endpoint, credentials });
  const { AccountsTableName: accounts = '', TransfersTableName: transfers = '' } = stack.outputs;
  const tables = { accounts, transfers };
  const tools = [itemClient(client), tables, { consumed: () => {} }] as const;
  const surroundings = new TestSurroundings();
  surroundings.time = AUDITED_AT + 3_600_000_000n;
  const invocation = anInvocation({ store: new LedgerStore(...tools), surroundings });
  const work = sweepTransfers({ ...invocation, scan: new TableScan(...tools) });
  const { items } = await work.readPage({ segment: 0, totalSegments: 1 }, undefined);
  await work.handlePage(items, anyPace(invocation));
  client.destroy();
}

/** Of each message once: what is tried again is published again. */
function publishedTypes(): string[] {
  const messages = new Map(stack.published.map(({ body, attributes }) => [body, attributes]));
  return [...messages.values()].map(({ type }) => type?.StringValue ?? '').sort();
}

function redrive(...args: string[]) {
  return redriveQueue('stream-failures', ...args);
}

function redriveNotices(...args: string[]) {
  return redriveQueue('failure-notices', ...args);
}

async function redriveQueue(queue: string, ...args: string[]) {
  const { code, lines } = await runTool(
    runRedriveCommand,
    '--outputs',
    stack.outputsFile,
    '--queue',
    queue,
    ...args,
  );
  const masked = lines.map((line) =>
    line
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
      .replaceAll(/shard [^ ,]+/g, 'shard S')
      .replaceAll(/\b\d{10,}\b/g, 'N'),
  );
  return { code, lines: masked };
}

/** The bodies of all messages in the queue of stream failures, which stay there. */
function failureLetters(): unknown[] {
  const letters = stack.queues.StreamFailures.receive(10).map(({ body }) => JSON.parse(body));
  stack.queues.StreamFailures.returnAllTaken();
  return letters;
}

const UNREADABLE =
  "CorruptItemError: Item 1:N:1 / 1 of the transfers table can't be read: attribute payment is missing or illegal.";
const UNREADABLE_COMMITTED = UNREADABLE.replace(':1 / 1 ', ':6 / N ');

describe('A record that can not be read', () => {
  it('stops neither the messages nor the credits of the others, and no function fails', async () => {
    stack = await startEmulatedStack();
    await putAccounts();
    await putWithPoison();
    const failureCounts = [await feed('publish-events'), await feed('credit-recipients')];
    expect([failureCounts, publishedTypes(), await statusOf('committed')]).toStrictEqual([
      [0, 0],
      [
        'AccountTransfer',
        'AccountTransfer',
        'AccountTransfer',
        'FinalizedTransfer',
        'FinalizedTransfer',
        'PreparedTransfer',
        'PreparedTransfer',
        'RejectedTransfer',
      ],
      'credited',
    ]);
  });

  it('is kept whole, once for each function that could not read it', async () => {
    stack = await startEmulatedStack();
    await putAccounts();
    await putWithPoison();
    await feed('publish-events');
    await feed('credit-recipients');
    const poison: WireItem = otherPoisonItem();
    const record = {
      awsRegion: 'us-east-1',
      dynamodb: {
        ApproximateCreationDateTime: expect.any(Number),
        Keys: { account: poison.account, transferId: { N: '1' } },
        NewImage: poison,
        SequenceNumber: '2',
        SizeBytes: expect.any(Number),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventID: expect.any(String),
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      eventSourceARN: stack.streamArns.Transfers,
      eventVersion: '1.1',
    };
    const reason = UNREADABLE.replace('1:N:1', poison.account?.S ?? '');
    expect(failureLetters()).toStrictEqual([
      { function: 'publish-events', reason, record },
      { function: 'credit-recipients', reason, record },
    ]);
  });

  it('stays in the queue as long as neither it nor its item can be read', async () => {
    stack = await startEmulatedStack();
    await putAccounts();
    await putWithPoison();
    await feed('publish-events');
    const looked = await redrive();
    const applied = await redrive('--apply', '--forget');
    const told = [
      'Queue stream-failures: about 1 messages',
      `  ID: publish-events could not handle record 2 of Transfers, item 1:N:1 / 1: ${UNREADABLE}`,
      "    it still can't be read",
      "    its item, as it is now, can't be read either",
      '    Repair the item, or use a version of this code that can read it, and try again.',
    ];
    expect([looked, applied]).toStrictEqual([
      {
        code: 1,
        lines: [...told, '  nothing was done; add --queue stream-failures --apply to process them'],
      },
      { code: 1, lines: [...told, '  done: 0 of 1'] },
    ]);
  });

  it('is told of with what is wrong with it and with its item now, where that is something else', async () => {
    stack = await startEmulatedStack();
    await stack.put('Transfers', poisonItem());
    await feed('credit-recipients');
    const [letter] = stack.queues.StreamFailures.receive(1);
    stack.queues.StreamFailures.delete([letter?.receiptHandle ?? '']);
    await stack.queues.StreamFailures.send(
      JSON.stringify({ ...JSON.parse(letter?.body ?? ''), reason: 'something else' }),
    );
    const { payment: _, ...unpaid } = itemOf('committed');
    await stack.put('Transfers', unpaid);
    const { code, lines } = await redrive('--apply');
    expect([code, lines.slice(2, 4)]).toStrictEqual([
      1,
      [
        `    it still can't be read: ${UNREADABLE_COMMITTED}`,
        "    its item, as it is now, can't be read either: CorruptItemError: Item 1:N:6 / N of the transfers table can't be read: its status is committed, yet it has no payment.",
      ],
    ]);
  });

  it('is taken up again when this code can read it by now', async () => {
    stack = await startEmulatedStack();
    await putAccounts();
    await stack.put('Transfers', poisonItem());
    await feed('publish-events');
    await feed('credit-recipients');
    const letters = failureLetters() as KeptRecord[];
    stack.queues.StreamFailures.delete(
      stack.queues.StreamFailures.receive(10).map(({ receiptHandle }) => receiptHandle),
    );
    for (const { record, ...rest } of letters) {
      const dynamodb = { ...record.dynamodb, NewImage: itemOf('committed') };
      await stack.queues.StreamFailures.send(JSON.stringify({ ...rest, record: { ...record, dynamodb } }));
    }
    // A credit is a condition on the item, which is as the record says.
    await stack.put('Transfers', itemOf('committed'));
    const looked = await redrive();
    const { code, lines } = await redrive('--apply');
    expect([looked.lines[2], code, lines.slice(2), publishedTypes(), await principalOf(BOB)]).toStrictEqual([
      '    it can be read now',
      0,
      [
        '    processed',
        `  ID: credit-recipients could not handle record 1 of Transfers, item 1:N:6 / N: ${UNREADABLE_COMMITTED}`,
        '    processed',
        '  done: 2 of 2',
      ],
      ['AccountTransfer', 'FinalizedTransfer', 'PreparedTransfer'],
      '60',
    ]);
    expect(failureLetters()).toStrictEqual([]);
  });

  it('is taken up again from its item, when that was repaired', async () => {
    stack = await startEmulatedStack();
    await putAccounts();
    await stack.put('Transfers', poisonItem());
    await feed('publish-events');
    await feed('credit-recipients');
    await stack.put('Transfers', itemOf('committed'));
    const looked = await redrive();
    const { code, lines } = await redrive('--apply');
    expect([looked.lines[2], code, lines.slice(2), publishedTypes(), await principalOf(BOB)]).toStrictEqual([
      "    it still can't be read; its item, as it is now, can",
      0,
      [
        '    processed, from its item as it is now',
        `  ID: credit-recipients could not handle record 1 of Transfers, item 1:N:6 / N: ${UNREADABLE_COMMITTED}`,
        '    processed, from its item as it is now',
        '  done: 2 of 2',
      ],
      ['AccountTransfer', 'FinalizedTransfer', 'PreparedTransfer'],
      '60',
    ]);
    expect(failureLetters()).toStrictEqual([]);
  });

  it('of a commit is credited by the sweep when its item was repaired, and not once more when taken up', async () => {
    stack = await startEmulatedStack();
    await putAccounts();
    await stack.put('Transfers', poisonItem());
    await feed('credit-recipients');
    await sweep();
    const before = [await statusOf('committed'), await principalOf(BOB)];
    await stack.put('Transfers', itemOf('committed'));
    await sweep();
    const swept = [await statusOf('committed'), await principalOf(BOB)];
    const { code } = await redrive('--apply');
    expect([before, swept, code, await principalOf(BOB)]).toStrictEqual([
      ['committed', '52'],
      ['credited', '60'],
      0,
      '60',
    ]);
  });

  it('stays in the queue when its item is gone, until it is to be forgotten', async () => {
    stack = await startEmulatedStack();
    await stack.put('Transfers', poisonItem());
    await feed('publish-events');
    const { account, transferId } = poisonItem();
    await stack.dynamoDb.call('DynamoDB.DeleteItem', {
      TableName: stack.outputs.TransfersTableName,
      Key: { account, transferId },
    });
    const kept = await redrive('--apply');
    const forgotten = await redrive('--apply', '--forget');
    expect([kept.code, kept.lines.slice(2), forgotten.code, failureLetters()]).toStrictEqual([
      1,
      [
        "    it still can't be read, and its item is gone",
        '    Only a version of this code that can read the record can process it; --forget deletes it.',
        '  done: 0 of 1',
      ],
      0,
      [],
    ]);
  });

  it.each<readonly [string, WireItem, Record<string, string>]>([
    ['the queue can not be reached', {}, { STREAM_FAILURES_QUEUE_URL: 'gone' }],
    // Each character takes six in JSON.
    ['it is larger than a message may be', { noise: { S: '\u0001'.repeat(200_000) } }, {}],
  ])('comes again and is given up with a notice when %s', async (_, changes, variables) => {
    stack = await startEmulatedStack();
    await putAccounts();
    await stack.put('Transfers', { ...otherPoisonItem(), ...changes });
    const failureCount = await feed('publish-events', variables);
    const { code, lines } = await redriveNotices('--apply');
    expect([failureCount, code, lines]).toStrictEqual([
      2,
      1,
      [
        'Queue failure-notices: about 1 messages',
        '  ID: publish-events has given up on records (1) of Transfers, shard S, 1 … 1: RetryAttemptsExhausted',
        `    A change can not be turned into messages. ${UNREADABLE.replace('CorruptItemError: ', '')}`,
        '    failed again: 1 of 1 (1)',
        '  done: 0 of 1',
      ],
    ]);
  });
});

describe('Records that were given up', () => {
  it('are published when they are taken up again', async () => {
    stack = await startEmulatedStack(['ToCoordinators']);
    await putAccounts();
    await stack.put('Transfers', itemOf('rejected'));
    await stack.put('Transfers', itemOf('credited'));
    await feed('publish-events');
    stack.addTopic('ToCoordinators');
    const before = publishedTypes();
    const { code, lines } = await redriveNotices('--apply');
    expect([before, code, lines.at(-1), publishedTypes()]).toStrictEqual([
      // The first record needs the topic, so nothing behind it was sent.
      [],
      0,
      // One notice for both: a reported failure does not halve the batch.
      '  done: 1 of 1',
      ['AccountTransfer', 'AccountTransfer', 'FinalizedTransfer', 'PreparedTransfer', 'RejectedTransfer'],
    ]);
  });

  it('are credited when they are taken up again, once', async () => {
    stack = await startEmulatedStack();
    await putAccounts();
    await stack.put('Transfers', itemOf('committed'));
    await feed('credit-recipients', { ACCOUNTS_TABLE_NAME: 'Gone' });
    const before = await statusOf('committed');
    const [notice] = stack.queues.FailureNotices.receive(1);
    stack.queues.FailureNotices.returnAllTaken();
    const { code, lines } = await redriveNotices('--apply');
    const after = [await statusOf('committed'), await principalOf(BOB)];
    await stack.queues.FailureNotices.send(notice?.body ?? '');
    await redriveNotices('--apply');
    expect([before, code, lines, after, await principalOf(BOB)]).toStrictEqual([
      'committed',
      0,
      [
        'Queue failure-notices: about 1 messages',
        '  ID: credit-recipients has given up on records (1) of Transfers, shard S, 1 … 1: RetryAttemptsExhausted',
        '    processed, with all records between them: 1',
        '  done: 1 of 1',
      ],
      ['credited', '60'],
      '60',
    ]);
  });

  it('are told of with what is left to do, when the stream does not keep them any more', async () => {
    stack = await startEmulatedStack();
    await stack.put('Transfers', itemOf('rejected'));
    await feed('publish-events', { TO_COORDINATORS_TOPIC_ARN: 'gone' });
    const [notice] = stack.queues.FailureNotices.receive(1);
    const gone = JSON.parse(notice?.body ?? '');
    Object.assign(gone.DDBStreamBatchInfo, {
      startSequenceNumber: '900',
      endSequenceNumber: '901',
      approximateArrivalOfFirstRecord: '2026-01-15T08:00:00Z',
      approximateArrivalOfLastRecord: '2026-01-15T08:00:05Z',
    });
    stack.queues.FailureNotices.delete([notice?.receiptHandle ?? '']);
    await stack.queues.FailureNotices.send(JSON.stringify(gone));
    const kept = await redriveNotices('--apply');
    const forgotten = await redriveNotices('--apply', '--forget');
    expect([kept, forgotten.code, (await redriveNotices()).lines]).toStrictEqual([
      {
        code: 1,
        lines: [
          'Queue failure-notices: about 1 messages',
          '  ID: publish-events has given up on records (1) of Transfers, shard S, 900 … 901: RetryAttemptsExhausted',
          '    no longer in the stream',
          '    Publish the messages of that time again: npm run republish -- --from 2026-01-15T07:59:00+00:00 --to 2026-01-15T08:01:05+00:00 --apply',
          '  done: 0 of 1',
        ],
      },
      0,
      ['Queue failure-notices: about 0 messages'],
    ]);
  });

  it('are left alone when a message in the queue is none about them', async () => {
    stack = await startEmulatedStack();
    await stack.queues.StreamFailures.send('{}');
    const { code, lines } = await redrive('--apply');
    expect([code, lines.slice(1)]).toStrictEqual([
      1,
      ['  ID is neither a stream record nor a notice of a stream failure', '  done: 0 of 1'],
    ]);
  });
});
