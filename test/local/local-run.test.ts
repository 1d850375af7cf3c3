import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand, PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalRun, type LocalRunOptions, startLocalRun } from '../../lib/local/local-run.ts';
import { UnsupportedTemplateError } from '../../lib/local/stack/template.ts';
import { StartError } from '../../lib/local/start-error.ts';
import { eventually } from '../support/eventually.ts';
import { OTHER_DYNAMODB } from '../support/other-dynamodb.ts';
import { STACK_NAME, synthesizeFixture } from './fixtures/stack.ts';

const TIMEOUT_MS = 60_000;

let dir: string;
const running: LocalRun[] = [];
/** The IDs that were published, in order. */
const published: string[] = [];
const troubles: string[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'local-run-'));
  published.length = 0;
  troubles.length = 0;
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((localRun) => localRun.stop()));
  rmSync(dir, { recursive: true });
});

async function start(changes: Partial<LocalRunOptions> = {}): Promise<LocalRun> {
  const localRun = await startLocalRun({
    dynamoDbEndpoint: OTHER_DYNAMODB,
    port: 0,
    dynamoDbPort: 0,
    dir,
    fresh: false,
    onMessage: ({ body }) => void published.push(JSON.parse(body).id),
    onTrouble: (line) => void troubles.push(line),
    synthesizeStack: synthesizeFixture,
    ...changes,
  });
  running.push(localRun);
  return localRun;
}

async function stop(localRun: LocalRun): Promise<void> {
  running.splice(running.indexOf(localRun), 1);
  await localRun.stop();
}

const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };

async function send({ endpoint, outputs }: LocalRun, ...bodies: string[]): Promise<void> {
  const sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials });
  const Entries = bodies.map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: outputs.InUrl, Entries }));
}

async function receiveOne({ endpoint }: LocalRun, QueueUrl: string | undefined): Promise<string> {
  const sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials });
  return eventually(async () => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
    expect(Messages.length).toBe(1);
    return Messages[0]?.Body ?? '';
  });
}

function thing(id: string, kind: string): string {
  return JSON.stringify({ id, kind });
}

async function storedIds({ dynamoDbEndpoint, outputs }: LocalRun): Promise<string[]> {
  const client = new DynamoDBClient({ endpoint: dynamoDbEndpoint, region: 'us-east-1', credentials });
  const ids: string[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: outputs.TableName })) {
    ids.push(...Items.map(({ id }) => id?.S ?? ''));
  }
  return ids.toSorted();
}

describe('The local run', { timeout: TIMEOUT_MS }, () => {
  it('takes messages through functions, tables and streams to topics, as the template declares', async () => {
    const localRun = await start();
    await send(localRun, thing('a', 'loud'), thing('b', 'quiet'), thing('c', 'loud'));
    await eventually(() => expect(published.toSorted()).toStrictEqual(['a', 'c']));
    expect(await storedIds(localRun)).toStrictEqual(['a', 'b', 'c']);
    expect(troubles).toStrictEqual([]);
  });

  it('leaves failed messages in the queue until they are received too often', async () => {
    const localRun = await start();
    await send(localRun, thing('a', 'loud'), 'no JSON');
    expect(await receiveOne(localRun, localRun.outputs.DeadUrl)).toBe('no JSON');
    expect(await storedIds(localRun)).toStrictEqual(['a']);
    expect(troubles.at(-1)).toBe('store failed on 1 of 1 messages: see its log');
  });

  it('gives up a stream record that can not be handled, tells where it lies, and goes on', async () => {
    const localRun = await start();
    await send(localRun, thing('poison', 'loud'));
    const notice = JSON.parse(await receiveOne(localRun, localRun.outputs.FailuresUrl));
    expect(notice).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
      DDBStreamBatchInfo: { startSequenceNumber: '1', endSequenceNumber: '1', batchSize: 1 },
    });
    await send(localRun, thing('a', 'loud'));
    await eventually(() => expect(published).toStrictEqual(['a']));
  });

  it('handles what others write into the tables', async () => {
    const { dynamoDbEndpoint, outputs } = await start();
    const client = new DynamoDBClient({ endpoint: dynamoDbEndpoint, region: 'us-east-1', credentials });
    const Item = { id: { S: 'a' }, kind: { S: 'loud' } };
    await client.send(new PutItemCommand({ TableName: outputs.TableName, Item }));
    await eventually(() => expect(published).toStrictEqual(['a']));
  });

  it('goes on where it was stopped, without repeating what was done', async () => {
    const first = await start();
    await send(first, thing('a', 'loud'));
    await eventually(() => expect(published).toStrictEqual(['a']));
    await stop(first);
    const second = await start();
    expect(await storedIds(second)).toStrictEqual(['a']);
    await send(second, thing('b', 'loud'));
    await eventually(() => expect(published).toStrictEqual(['a', 'b']));
  });

  it('finishes what is under way when it is stopped', async () => {
    const localRun = await start();
    await send(localRun, ...['a', 'b', 'c', 'd'].map((id) => thing(id, 'loud')));
    await eventually(async () => expect(await storedIds(localRun)).not.toStrictEqual([]));
    await stop(localRun);
    expect(published.toSorted()).toStrictEqual(['a', 'b', 'c', 'd']);
  });

  it('begins with nothing when that is asked for', async () => {
    const first = await start();
    await send(first, thing('a', 'loud'));
    await eventually(() => expect(published).toStrictEqual(['a']));
    await stop(first);
    expect(await storedIds(await start({ fresh: true }))).toStrictEqual([]);
  });

  it('tells its outputs and endpoints in a file, for as long as it runs', async () => {
    const localRun = await start();
    expect(JSON.parse(readFileSync(join(dir, 'outputs.json'), 'utf8'))).toStrictEqual({
      [STACK_NAME]: {
        InUrl: `${localRun.endpoint}/000000000000/Fixture-In`,
        DeadUrl: `${localRun.endpoint}/000000000000/Fixture-Dead`,
        FailuresUrl: `${localRun.endpoint}/000000000000/Fixture-StreamFailures`,
        NewsArn: 'arn:aws:sns:us-east-1:000000000000:Fixture-News',
        TableName: expect.stringMatching(/^Fixture-Things(-[0-9a-f]{8})?$/),
        Endpoint: localRun.endpoint,
        DynamoDbEndpoint: localRun.dynamoDbEndpoint,
        LambdaEndpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      },
    });
    await stop(localRun);
    expect(existsSync(join(dir, 'outputs.json'))).toBe(false);
  });

  it('has tables of its own in another DynamoDB, which belong to its folder', async () => {
    const other = await start();
    const options = { dir: join(dir, 'second'), dynamoDbEndpoint: other.dynamoDbEndpoint };
    const localRun = await start(options);
    expect(localRun.dynamoDbEndpoint).toBe(other.dynamoDbEndpoint);
    await send(localRun, thing('a', 'loud'));
    await eventually(async () => expect(await storedIds(localRun)).toStrictEqual(['a']));
    expect(await storedIds(other)).toStrictEqual([]);
    await stop(localRun);
    const again = await start(options);
    expect(await storedIds(again)).toStrictEqual(['a']);
    await stop(again);
    expect(await storedIds(await start({ ...options, fresh: true }))).toStrictEqual([]);
  });

  it('leaves no tables in another DynamoDB when its folder is to be deleted', async () => {
    const other = await start();
    const { dynamoDbEndpoint } = other;
    const localRun = await start({ dir: join(dir, 'second'), dynamoDbEndpoint, isTransient: true });
    await stop(localRun);
    const client = new DynamoDBClient({ endpoint: dynamoDbEndpoint, region: 'us-east-1', credentials });
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    expect(TableNames).toContain(other.outputs.TableName);
    expect(TableNames).not.toContain(localRun.outputs.TableName);
  });

  it('says when no DynamoDB is where one was named', async () => {
    await expect(start({ dynamoDbEndpoint: 'http://127.0.0.1:1' })).rejects.toThrow(
      new StartError('No DynamoDB answers at http://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1.'),
    );
  });

  it('leaves nothing running when it can not start', async () => {
    const synthesizeStack = async () => {
      throw new StartError('A setting is wrong.');
    };
    await expect(start({ synthesizeStack })).rejects.toThrow(new StartError('A setting is wrong.'));
    // Folder and ports are free again.
    await start();
  });

  it('refuses a mapping with a property that would have no effect', async () => {
    const synthesizeStack = async () => {
      const { template, ...assembly } = await synthesizeFixture();
      const { StoreMapping, ...others } = template.Resources;
      const Properties = { ...StoreMapping?.Properties, TumblingWindowInSeconds: 10 };
      const mapping = { Type: 'AWS::Lambda::EventSourceMapping', Properties };
      return { ...assembly, template: { ...template, Resources: { ...others, StoreMapping: mapping } } };
    };
    await expect(start({ synthesizeStack })).rejects.toThrow(
      new UnsupportedTemplateError(
        `The local run can't create StoreMapping: Unrecognized key: "TumblingWindowInSeconds".`,
      ),
    );
  });

  it('refuses tables that were made with other keys', async () => {
    await stop(await start());
    const synthesizeStack = async () => {
      const { template, ...assembly } = await synthesizeFixture();
      const Properties = {
        ...template.Resources.Things?.Properties,
        KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' }],
      };
      const Things = { Type: 'AWS::DynamoDB::Table', Properties };
      return { ...assembly, template: { ...template, Resources: { ...template.Resources, Things } } };
    };
    await expect(start({ synthesizeStack })).rejects.toThrow(
      /^The table Fixture-Things\S* has other keys than the stack declares; start with --fresh to create it again\.$/,
    );
  });
});
