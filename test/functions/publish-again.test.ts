/** The function that publishes again, with the real handlers: from a notice of the stream's mapping to the topics. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type EmulatedStack, startEmulatedStack } from '../support/emulated-stack.ts';
import { feedStream, functionEnvironment, type StreamHandler } from '../support/failing-stream.ts';
import { aSampleLedger } from '../support/sample-ledger.ts';

const PUBLISHER = 'SwaptacularAccounts-PublishEvents0A1B2C3D-xyz';
const CONTEXT = { getRemainingTimeInMillis: () => 60_000 };

let stack: EmulatedStack;
let environment: NodeJS.ProcessEnv;

beforeEach(async () => {
  environment = { ...process.env };
  stack = await startEmulatedStack(['ToCoordinators']);
  Object.assign(process.env, functionEnvironment(stack), {
    SWEEP_QUEUE_URL: stack.outputs.PublishAgainTasksQueueUrl,
    FAILURE_NOTICES_QUEUE_URL: stack.outputs.FailureNoticesQueueUrl,
  });
  // Handlers read their environment when they are loaded.
  vi.resetModules();
});

afterEach(async () => {
  process.env = environment;
  await stack.stop();
});

/** The emulated stream writes its records now, which is not when the sample's messages were made. */
function atTheTimeOfTheSample(notice: string): string {
  const parsed = JSON.parse(notice);
  Object.assign(parsed.DDBStreamBatchInfo, {
    approximateArrivalOfFirstRecord: '2026-12-01T00:00:00Z',
    approximateArrivalOfLastRecord: '2027-02-01T00:00:00Z',
  });
  return JSON.stringify(parsed);
}

it('Records that were given up are published without anybody doing anything, once the topic is back', async () => {
  await stack.fill(aSampleLedger().world);
  const publisher = await import('../../functions/publish-events.ts');
  await feedStream(stack, { table: 'Transfers', functionName: PUBLISHER, handler: publisher.handler });
  const { FailureNotices, PublishAgainTasks } = stack.queues;
  for (const { body, receiptHandle } of FailureNotices.receive(10)) {
    FailureNotices.delete([receiptHandle]);
    await FailureNotices.send(atTheTimeOfTheSample(body));
  }

  const { handler } = await import('../../functions/publish-again.ts');
  const again: StreamHandler = handler;
  const takeTasks = () =>
    PublishAgainTasks.receive(10).map(({ body }, index) => ({ messageId: `task ${index}`, body }));
  await again({ sweep: 'start' }, CONTEXT, () => {});
  const waiting = FailureNotices.receive(10);
  const tasks = takeTasks();
  // The topic is still missing, so the task stays in its queue.
  const left = await again({ Records: tasks }, CONTEXT, () => {});
  const during = stack.published.map(({ body }) => JSON.parse(body).type);
  expect([waiting, left, during.includes('PreparedTransfer')]).toStrictEqual([
    [],
    { batchItemFailures: [{ itemIdentifier: 'task 0' }] },
    false,
  ]);

  stack.addTopic('ToCoordinators');
  await again({ Records: tasks }, CONTEXT, () => {});
  const types = new Set(stack.published.map(({ body }) => JSON.parse(body).type));
  expect([...types].sort()).toStrictEqual([
    'AccountTransfer',
    'FinalizedTransfer',
    'PreparedTransfer',
    'RejectedConfig',
    'RejectedTransfer',
  ]);
});
