import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPositions } from '../../../lib/local/lambda/positions.ts';
import { type LocalRun, startLocalRun } from '../../../lib/local/local-run.ts';
import { runDrainCommand } from '../../../lib/operations/switches/drain-command.ts';
import { runPauseCommand } from '../../../lib/operations/switches/pause-command.ts';
import { runResumeCommand } from '../../../lib/operations/switches/resume-command.ts';
import { synthesizeFixture } from '../../local/fixtures/stack.ts';
import { eventually } from '../../support/eventually.ts';
import { type Command, runTool, type ToolRun } from '../../support/operator-tool.ts';
import { OTHER_DYNAMODB } from '../../support/other-dynamodb.ts';

const HOUR_MS = 3_600_000;

const INCOMING = 'queue Fixture-In → Fixture-Store';
const STREAM = 'stream of Fixture-Things → Fixture-Announce';
const SCHEDULE = 'schedule TickRule';

let dir: string;
let localRun: LocalRun;
/** The IDs that were published, in order. */
const published: string[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'switches-'));
  published.length = 0;
  await start();
});

afterEach(async () => {
  await localRun.stop();
  rmSync(dir, { recursive: true });
});

/** The fixture with the outputs by which the tools know a stack; its ticks are as chores, and nobody takes them. */
async function synthesizeStack() {
  const { template, ...assembly } = await synthesizeFixture();
  const Outputs = {
    ...template.Outputs,
    IncomingQueueUrl: { Value: { Ref: 'In' } },
    ChoresQueueUrl: { Value: { Ref: 'Ticks' } },
    AccountsSweepQueueUrl: { Value: { Ref: 'Dead' } },
    TransfersSweepQueueUrl: { Value: { Ref: 'StreamFailures' } },
    PublishAgainTasksQueueUrl: { Value: { Ref: 'StreamFailures' } },
    EventSourceMappingIds: {
      Value: { 'Fn::Join': [',', [{ Ref: 'StoreMapping' }, { Ref: 'AnnounceMapping' }]] },
    },
    ScheduleNames: { Value: { Ref: 'TickRule' } },
  };
  // On a busy machine the fixture's second is too short for a function to start in.
  const In = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 } };
  return { ...assembly, template: { Resources: { ...template.Resources, In }, Outputs } };
}

async function start(): Promise<readonly string[]> {
  const troubles: string[] = [];
  localRun = await startLocalRun({
    dynamoDbEndpoint: OTHER_DYNAMODB,
    port: 0,
    dynamoDbPort: 0,
    dir,
    fresh: false,
    onMessage: ({ body }) => void published.push(JSON.parse(body).id),
    onTrouble: (line) => void troubles.push(line),
    synthesizeStack,
  });
  return troubles;
}

function run(command: Command, ...args: string[]): Promise<ToolRun> {
  return runTool(command, '--outputs', localRun.outputsFile, ...args);
}

function client(): SQSClient {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  return new SQSClient({ endpoint: localRun.endpoint, region: 'us-east-1', credentials });
}

async function send(output: string, id: string): Promise<void> {
  const MessageBody = JSON.stringify({ id, kind: 'loud' });
  await client().send(new SendMessageCommand({ QueueUrl: localRun.outputs[output], MessageBody }));
}

async function waitingCount(output: string): Promise<string | undefined> {
  const AttributeNames = ['ApproximateNumberOfMessages' as const];
  const command = new GetQueueAttributesCommand({ QueueUrl: localRun.outputs[output], AttributeNames });
  return (await client().send(command)).Attributes?.ApproximateNumberOfMessages;
}

describe('npm run pause', () => {
  it('stops all from taking in, until npm run resume, across restarts', async () => {
    const { code, lines } = await run(runPauseCommand);
    expect([code, lines.slice(0, 4)]).toStrictEqual([
      0,
      [
        `  ${SCHEDULE}: paused`,
        `  ${INCOMING}: paused`,
        `  ${STREAM}: paused`,
        'Paused. npm run resume lets everything go on.',
      ],
    ]);
    await send('InUrl', 'a');
    await localRun.stop();
    expect(await start()).toStrictEqual([
      'store has a mapping that is paused; npm run resume lets it go on',
      'announce has a mapping that is paused; npm run resume lets it go on',
      'tick is not started on schedule, which is paused; npm run resume lets it go on',
    ]);
    expect([await waitingCount('InUrl'), published]).toStrictEqual(['1', []]);
    const resumed = await run(runResumeCommand);
    expect([resumed.code, resumed.lines]).toStrictEqual([
      0,
      [`  ${STREAM}: resumed`, `  ${INCOMING}: resumed`, `  ${SCHEDULE}: resumed`, 'Everything goes on.'],
    ]);
    await eventually(() => expect(published).toStrictEqual(['a']));
  });

  it('says when the streams will lose records, also when all is paused already', async () => {
    const before = Date.now();
    const first = await run(runPauseCommand);
    const [losesFrom = ''] = /(?<=Resume before )\S+Z/.exec(first.lines.at(-1) ?? '') ?? [];
    const hours = (Date.parse(losesFrom) - before) / HOUR_MS;
    expect([hours > 23.9, hours < 24.1]).toStrictEqual([true, true]);
    const { code, lines } = await run(runPauseCommand);
    expect([code, lines]).toStrictEqual([
      0,
      [
        `  ${SCHEDULE}: was paused already`,
        `  ${INCOMING}: was paused already`,
        `  ${STREAM}: was paused already`,
        'Paused. npm run resume lets everything go on.',
        first.lines.at(-1),
      ],
    ]);
  });

  it('changes nothing on a dry run', async () => {
    const { code, lines } = await run(runPauseCommand, '--dry-run');
    expect([code, lines]).toStrictEqual([
      0,
      [
        `  ${SCHEDULE}: would be paused`,
        `  ${INCOMING}: would be paused`,
        `  ${STREAM}: would be paused`,
        'Nothing was changed; omit --dry-run to pause.',
      ],
    ]);
    await send('InUrl', 'a');
    await eventually(() => expect(published).toStrictEqual(['a']));
  });
});

describe('npm run resume', () => {
  it('tells what to publish again when the streams were paused for too long', async () => {
    await localRun.stop();
    const positions = openPositions(join(dir, 'positions'));
    const changedAt = Date.now() - 30 * HOUR_MS;
    positions.saveSwitch('AnnounceMapping', { isOn: false, changedAt });
    positions.close();
    await start();
    const { code, lines } = await run(runResumeCommand);
    const minute = (instant: number) => `${new Date(instant).toISOString().slice(0, 16)}Z`;
    expect([code, lines.at(-1)?.replace(/ --to \S+/, '')]).toStrictEqual([
      1,
      `  npm run republish -- --from ${minute(changedAt)} --apply`,
    ]);
    expect((await run(runResumeCommand)).code).toBe(0);
  });
});

describe('npm run drain', () => {
  it('finishes what was taken in, and takes in no more', async () => {
    for (const id of ['a', 'b', 'c']) {
      await send('InUrl', id);
    }
    await eventually(() => expect(published.length).toBeGreaterThan(0));
    const { code, lines, told } = await run(runDrainCommand, '--quiet', '1');
    expect([code, lines.slice(0, 2), /recent stream batches: 0\n$/.test(told)]).toStrictEqual([
      0,
      [`  ${SCHEDULE}: paused`, `  ${INCOMING}: paused`],
      true,
    ]);
    const waiting = Number(await waitingCount('InUrl'));
    expect([lines.at(-1), published.length]).toStrictEqual([
      `At rest. Messages that wait in the incoming queue: ${waiting}. npm run resume lets everything go on.`,
      3 - waiting,
    ]);
    await send('InUrl', 'd');
    expect(await waitingCount('InUrl')).toBe(`${waiting + 1}`);
  });

  it('says what is left when its patience is at an end', async () => {
    await send('ChoresQueueUrl', 'a');
    const { code, lines } = await run(runDrainCommand, '--quiet', '1', '--patience', '1');
    expect([code, lines.at(-1)]).toStrictEqual([
      1,
      'Not at rest after 1 seconds: under way: 0 incoming messages, 1 chores and sweep tasks; recent stream batches: 0. ' +
        "Look at the functions' errors; run the same again to go on waiting, or npm run resume.",
    ]);
  });

  it('refuses while something is paused that must finish the rest', async () => {
    await run(runPauseCommand);
    const { code, lines, told } = await run(runDrainCommand);
    expect([code, lines, told]).toStrictEqual([
      2,
      [],
      `What was taken in can't be finished, since these are paused: ${STREAM}; run npm run resume first.\n`,
    ]);
  });

  it('changes nothing on a dry run', async () => {
    const { code, lines } = await run(runDrainCommand, '--dry-run');
    expect([code, lines]).toStrictEqual([
      0,
      [
        `  ${SCHEDULE}: would be paused`,
        `  ${INCOMING}: would be paused`,
        'Nothing was changed; omit --dry-run to drain.',
      ],
    ]);
  });
});
