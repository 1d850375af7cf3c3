import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeadLetterReader } from '../../../lib/operations/redrive/dead-letter-reader.ts';
import { redrive } from '../../../lib/operations/redrive/redrive.ts';
import { runRedriveCommand } from '../../../lib/operations/redrive/redrive-command.ts';
import { type EmulatedStack, startEmulatedStack } from '../../support/emulated-stack.ts';
import { runTool } from '../../support/operator-tool.ts';

const PREPARE_TRANSFER = aPrepareTransfer('2026-01-15T08:00:00Z');
const CHORE = '{"chore":"announce","account":"1:1099511627777"}';
const SWEEP_TASK = JSON.stringify({
  segment: 3,
  totalSegments: 8,
  startedAt: '1768464000000000',
  itemCount: 5,
  dueCount: 1,
  continuationCount: 0,
});

let stack: EmulatedStack;
let client: SQSClient;

beforeEach(async () => {
  stack = await startEmulatedStack();
  client = new SQSClient({
    region: 'us-east-1',
    endpoint: stack.outputs.Endpoint ?? '',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});

afterEach(async () => {
  client.destroy();
  await stack.stop();
});

type QueueName = keyof EmulatedStack['queues'];

async function send(queue: QueueName, body: string, attributes: Record<string, string> = {}): Promise<void> {
  await client.send(
    new SendMessageCommand({
      QueueUrl: stack.queues[queue].url,
      MessageBody: body,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      ),
    }),
  );
}

/** The messages that can be received from the queue now, with the names of their attributes. */
function contentOf(queue: QueueName): string[] {
  const messages = stack.queues[queue].receive(100);
  stack.queues[queue].returnAllTaken();
  return messages.map(({ body, messageAttributes }) =>
    [body, ...Object.keys(messageAttributes).sort()].join(' '),
  );
}

function run(...args: string[]) {
  return runTool(runRedriveCommand, '--outputs', stack.outputsFile, ...args);
}

/** The text without parts that differ from run to run. */
function masked(lines: readonly string[]): string[] {
  return lines.map((line) =>
    line
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME'),
  );
}

describe('npm run redrive', () => {
  it('shows what is in each queue, and leaves all of it there', async () => {
    await send('GivenUp', PREPARE_TRANSFER);
    await send('DeadLetters', '{"type":"Pay","note":"a secret"}', {
      reason: 'type: unknown message type "Pay"',
      original_message_id: 'x',
    });
    await send('ChoresDeadLetters', CHORE);
    await send('SweepsDeadLetters', SWEEP_TASK);
    const { code, lines } = await run();
    expect([code, masked(lines)]).toStrictEqual([
      1,
      [
        'Queue dead-letter: about 1 messages',
        '  ID (refused, sent TIME, received 1 times): unreadable, 32 bytes: type: unknown message type "Pay"',
        '  sent from TIME to TIME',
        '  1 × type: unknown message type "Pay"',
        '  nothing was moved; add --queue dead-letter --apply to try them again',
        'Queue given-up: about 1 messages',
        '  ID (failed too often, sent TIME, received 1 times): PrepareTransfer of 2026-01-15T08:00:00+00:00 for account 1:1099511627777',
        '  sent from TIME to TIME',
        '  1 × failed too often',
        '  nothing was moved; add --queue given-up --apply to try them again',
        'Queue chores: about 1 messages',
        '  ID (failed too often, sent TIME, received 1 times): announce account 1:1099511627777',
        '  sent from TIME to TIME',
        '  1 × failed too often',
        '  nothing was moved; add --queue chores --apply to try them again',
        'Queue sweeps: about 1 messages',
        '  ID (failed too often, sent TIME, received 1 times): segment 3 of 8 of the sweep of 2026-01-15T08:00:00+00:00',
        '  sent from TIME to TIME',
        '  1 × failed too often',
        '  nothing was moved; add --queue sweeps --apply to try them again',
        'Queue stream-failures: about 0 messages',
        'Queue failure-notices: about 0 messages',
      ],
    ]);
    expect([contentOf('DeadLetters').length, contentOf('GivenUp').length]).toStrictEqual([1, 1]);
  });

  it('moves back what was given up, and leaves what was refused', async () => {
    const request = aPrepareTransfer(new Date(Date.now() - 13 * 86_400_000).toISOString());
    await send('DeadLetters', request, { trace: 'abc' });
    await send('DeadLetters', 'refused', { reason: 'body: is no JSON object', original_message_id: 'x' });
    const { code, lines } = await run('--queue', 'dead-letter', '--apply', '--show', '0');
    expect([code, lines.at(-1), contentOf('Incoming'), contentOf('DeadLetters')]).toStrictEqual([
      1,
      '  moved back: 1 of 2',
      [`${request} trace`],
      ['refused original_message_id reason'],
    ]);
  });

  it('leaves requests that are so old that their copies may be forgotten', async () => {
    const request = aPrepareTransfer(new Date(Date.now() - 15 * 86_400_000).toISOString());
    await send('GivenUp', request);
    const { code, lines } = await run('--queue', 'given-up', '--apply', '--refused', '--show', '0');
    expect([code, lines[1]?.split('; ')[1], contentOf('GivenUp')]).toStrictEqual([
      1,
      'it stays, since it could be prepared a second time.',
      [request],
    ]);
  });

  it('moves back what was refused where that is asked for, without the reason', async () => {
    await send('DeadLetters', 'refused', { reason: 'body: is no JSON object', original_message_id: 'x' });
    const { code } = await run('--queue', 'dead-letter', '--apply', '--refused');
    expect([code, contentOf('Incoming'), contentOf('DeadLetters')]).toStrictEqual([0, ['refused'], []]);
  });

  it('moves all letters, however many', async () => {
    for (let index = 0; index < 25; index += 1) {
      await send('ChoresDeadLetters', `${CHORE}${' '.repeat(index)}`);
    }
    const { code, lines } = await run('--queue', 'chores', '--apply');
    expect([code, lines.at(-1), contentOf('Chores').length, contentOf('ChoresDeadLetters')]).toStrictEqual([
      0,
      '  moved back: 25 of 25',
      25,
      [],
    ]);
  });

  it('moves no more letters than it may', async () => {
    for (let index = 0; index < 13; index += 1) {
      await send('ChoresDeadLetters', CHORE);
    }
    const { code, lines } = await run('--queue', 'chores', '--apply', '--limit', '12');
    expect([
      code,
      lines.slice(-2),
      contentOf('Chores').length,
      contentOf('ChoresDeadLetters').length,
    ]).toStrictEqual([
      1,
      ['  moved back: 12 of 12', '  about 1 more were not looked at; --limit is 12'],
      12,
      1,
    ]);
  });

  it('leaves a part of a sweep whose queue is not told', async () => {
    await send('SweepsDeadLetters', SWEEP_TASK);
    const { code, lines } = await run('--queue', 'sweeps', '--apply', '--show', '0');
    expect([code, masked(lines)[1], contentOf('SweepsDeadLetters').length]).toStrictEqual([
      1,
      '  Message ID does not say which queue it came from, so it stays.',
      1,
    ]);
  });
});

describe('Redriving', () => {
  const OPTIONS = {
    limit: 100,
    now: Number.MAX_SAFE_INTEGER,
    withRefused: false,
    onLetter: () => {},
    onTrouble: () => {},
  };

  it('takes a part of a sweep to the queue that SQS names', async () => {
    const sent: string[] = [];
    const reader = {
      receive: async function* () {
        yield [letter({ sourceQueue: 'TransfersSweep' })];
      },
      move: async (_: unknown, url: string) => void sent.push(url),
      returnAll: async () => {},
    } as unknown as DeadLetterReader;
    const sourceUrls = ['http://sqs/1/AccountsSweep', 'http://sqs/1/TransfersSweep'];
    expect([await redrive(reader, { ...OPTIONS, sourceUrls }), sent]).toStrictEqual([
      { seenCount: 1, movedCount: 1 },
      ['http://sqs/1/TransfersSweep'],
    ]);
  });

  it('loses no letter when a queue can not be sent to', async () => {
    await send('ChoresDeadLetters', CHORE);
    const reader = new DeadLetterReader(client, stack.queues.ChoresDeadLetters.url);
    const troubles: string[] = [];
    const result = await redrive(reader, {
      ...OPTIONS,
      sourceUrls: [`${stack.queues.Chores.url}Gone`],
      onTrouble: (sentence) => troubles.push(sentence),
    });
    expect([result, troubles.length, contentOf('ChoresDeadLetters')]).toStrictEqual([
      { seenCount: 1, movedCount: 0 },
      1,
      [CHORE],
    ]);
  });

  it('leaves letters that come while it goes on, such as those that were refused again', async () => {
    await send('ChoresDeadLetters', CHORE);
    const reader = new DeadLetterReader(client, stack.queues.ChoresDeadLetters.url);
    const result = await redrive(reader, { ...OPTIONS, now: 0, sourceUrls: [stack.queues.Chores.url] });
    expect([result, contentOf('ChoresDeadLetters')]).toStrictEqual([
      { seenCount: 0, movedCount: 0 },
      [CHORE],
    ]);
  });
});

function letter(changes: object): object {
  return {
    messageId: 'id',
    receiptHandle: 'handle',
    body: SWEEP_TASK,
    reason: undefined,
    sentAt: 0,
    receiveCount: 1,
    sourceQueue: undefined,
    attributes: {},
    ...changes,
  };
}

function aPrepareTransfer(ts: string): string {
  return JSON.stringify({
    type: 'PrepareTransfer',
    debtor_id: 1,
    creditor_id: 1099511627777,
    coordinator_type: 'direct',
    coordinator_id: 1099511627777,
    coordinator_request_id: 7,
    min_locked_amount: 0,
    max_locked_amount: 5,
    recipient: '1099511627778',
    final_interest_rate_ts: '2026-01-15T08:00:00Z',
    max_commit_delay: 100,
    ts,
  });
}
