import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StreamRecord } from '../../lib/local/table-stream.ts';
import type { AccountKey } from '../../lib/rules/account.ts';
import { runRedriveCommand } from '../../lib/shell/redrive-command.ts';
import { printRecordKey } from '../../lib/storage/ledger-store.ts';
import { type EmulatedStack, startEmulatedStack } from '../support/emulated-stack.ts';
import { feedStream, functionEnvironment } from '../support/failing-stream.ts';
import { runTool } from '../support/operator-tool.ts';
import { aSampleLedger, BOB, type SampleLedger } from '../support/sample-ledger.ts';
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

/** Lets the function handle what the stream of transfers has, in an environment of the test's. */
async function feed(
  name: keyof typeof FUNCTIONS,
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { load, ...options } = FUNCTIONS[name];
  Object.assign(process.env, functionEnvironment(stack), variables);
  // Handlers read their environment when they are loaded.
  vi.resetModules();
  const { handler } = await load();
  await feedStream(stack, { table: 'Transfers', handler, ...options });
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

/** A credited transfer, a committed one without its amount, a committed one, and a rejected one. */
async function putWithPoison(): Promise<void> {
  const { amount: _, ...poison } = itemOf('committed');
  await stack.put('Transfers', itemOf('credited'));
  await stack.put('Transfers', { ...poison, transferId: { N: '1' } });
  await stack.put('Transfers', itemOf('committed'));
  await stack.put('Transfers', itemOf('rejected'));
}

async function statusOf(name: keyof SampleLedger['transfers']): Promise<string> {
  const { sender, transferId } = ledger.transfers[name];
  const { Item } = await stack.dynamoDb.call<{ Item: { status: { S: string } } }>('DynamoDB.GetItem', {
    TableName: 'Transfers',
    Key: { account: { S: `${sender.debtorId}:${sender.creditorId}` }, transferId: { N: `${transferId}` } },
  });
  return Item.status.S;
}

async function principalOf({ debtorId, creditorId }: AccountKey): Promise<string> {
  const { Item } = await stack.dynamoDb.call<{ Item: { principal: { N: string } } }>('DynamoDB.GetItem', {
    TableName: 'Accounts',
    Key: { account: { S: `${debtorId}:${creditorId}` } },
  });
  return Item.principal.N;
}

/** Of each message once: what is tried again is published again. */
function publishedTypes(): string[] {
  const messages = new Map(stack.published.map(({ body, attributes }) => [body, attributes]));
  return [...messages.values()].map(({ type }) => type?.StringValue ?? '').sort();
}

async function redrive(...args: string[]) {
  const { code, lines } = await runTool(
    runRedriveCommand,
    '--outputs',
    stack.outputsFile,
    '--queue',
    'stream-failures',
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

describe('A record that can not be read', () => {
  it('stops neither the messages nor the credits of the others', async () => {
    stack = await startEmulatedStack();
    await putAccounts();
    await putWithPoison();
    await feed('publish-events');
    await feed('credit-recipients');
    expect([publishedTypes(), await statusOf('committed')]).toStrictEqual([
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

  it('is kept as a notice, and stays one as long as it can not be read', async () => {
    stack = await startEmulatedStack();
    await putAccounts();
    await putWithPoison();
    await feed('publish-events');
    const looked = await redrive();
    const applied = await redrive('--apply', '--forget');
    expect([looked, applied]).toStrictEqual([
      {
        code: 1,
        lines: [
          'Queue stream-failures: about 1 notices',
          '  ID: publish-events gave up records (1) of Transfers, shard S, 2 … 2: RetryAttemptsExhausted',
          '    the stream still has them, and all between them: 1',
          "    can't be read: 2: Item 1:N / 1 of the transfers table can't be read: attribute amount is missing or illegal.",
          '  nothing was done; add --queue stream-failures --apply to take them up again',
        ],
      },
      {
        code: 1,
        lines: [
          'Queue stream-failures: about 1 notices',
          '  ID: publish-events gave up records (1) of Transfers, shard S, 2 … 2: RetryAttemptsExhausted',
          "    A change can not be turned into messages. Item 1:N / 1 of the transfers table can't be read: attribute amount is missing or illegal.",
          '    failed again: 1 of 1 (2)',
          '  done with: 0 of 1',
        ],
      },
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
    const { code, lines } = await redrive('--apply');
    expect([before, code, lines.at(-1), publishedTypes()]).toStrictEqual([
      ['AccountTransfer', 'AccountTransfer'],
      0,
      '  done with: 2 of 2',
      ['AccountTransfer', 'AccountTransfer', 'FinalizedTransfer', 'PreparedTransfer', 'RejectedTransfer'],
    ]);
  });

  it('are credited when they are taken up again, once', async () => {
    stack = await startEmulatedStack();
    await putAccounts();
    await stack.put('Transfers', itemOf('committed'));
    await feed('credit-recipients', { ACCOUNTS_TABLE_NAME: 'Gone' });
    const before = await statusOf('committed');
    const [notice] = stack.queues.StreamFailures.receive(1);
    stack.queues.StreamFailures.returnAllTaken();
    const { code, lines } = await redrive('--apply');
    const after = [await statusOf('committed'), await principalOf(BOB)];
    await stack.queues.StreamFailures.send(notice?.body ?? '');
    await redrive('--apply');
    expect([before, code, lines, after, await principalOf(BOB)]).toStrictEqual([
      'committed',
      0,
      [
        'Queue stream-failures: about 1 notices',
        '  ID: credit-recipients gave up records (1) of Transfers, shard S, 1 … 1: RetryAttemptsExhausted',
        '    taken up again, with all between them: 1',
        '  done with: 1 of 1',
      ],
      ['credited', '60'],
      '60',
    ]);
  });

  it('are told of with what is left to do, when the stream does not keep them any more', async () => {
    stack = await startEmulatedStack();
    await stack.put('Transfers', itemOf('rejected'));
    await feed('publish-events', { TO_COORDINATORS_TOPIC_ARN: 'gone' });
    const [notice] = stack.queues.StreamFailures.receive(1);
    const gone = JSON.parse(notice?.body ?? '');
    Object.assign(gone.DDBStreamBatchInfo, {
      startSequenceNumber: '900',
      endSequenceNumber: '901',
      approximateArrivalOfFirstRecord: '2026-01-15T08:00:00Z',
      approximateArrivalOfLastRecord: '2026-01-15T08:00:05Z',
    });
    stack.queues.StreamFailures.delete([notice?.receiptHandle ?? '']);
    await stack.queues.StreamFailures.send(JSON.stringify(gone));
    const kept = await redrive('--apply');
    const forgotten = await redrive('--apply', '--forget');
    expect([kept, forgotten.code, (await redrive()).lines]).toStrictEqual([
      {
        code: 1,
        lines: [
          'Queue stream-failures: about 1 notices',
          '  ID: publish-events gave up records (1) of Transfers, shard S, 900 … 901: RetryAttemptsExhausted',
          '    the stream does not have them any more',
          '    Publish the messages of that time again: npm run republish -- --from 2026-01-15T07:59:00+00:00 --to 2026-01-15T08:01:05+00:00 --apply',
          '  done with: 0 of 1',
        ],
      },
      0,
      ['Queue stream-failures: about 0 notices'],
    ]);
  });

  it('are left alone when a message in the queue is none about them', async () => {
    stack = await startEmulatedStack();
    await stack.queues.StreamFailures.send('{}');
    const { code, lines } = await redrive('--apply');
    expect([code, lines.slice(1)]).toStrictEqual([
      1,
      ['  ID is no notice of a stream failure', '  done with: 0 of 1'],
    ]);
  });
});
