/** SQS as a function sees it that takes, deletes and delays messages of its own queue: calls may fail, in part or as a whole. */

import {
  ChangeMessageVisibilityBatchCommand,
  type ChangeMessageVisibilityBatchCommandInput,
  DeleteMessageBatchCommand,
  type DeleteMessageBatchCommandInput,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { SECOND } from '../scheduler.ts';
import { serviceUnavailable, timeout } from './aws-errors.ts';
import type { CallFault, Cloud, Invocation } from './invocation.ts';
import type { SimulatedQueue } from './simulated-queue.ts';

export function simulatedSourceClient(
  { chaos }: Cloud,
  invocation: Invocation,
  queue: SimulatedQueue,
): SQSClient {
  const call = (operation: string, apply: () => object) => {
    const fault: CallFault | undefined = chaos.strikes('messagingFailures')
      ? chaos.random.pick<CallFault>([
          { kind: 'refused', error: serviceUnavailable() },
          { kind: 'answer lost', error: timeout() },
        ])
      : undefined;
    return invocation.call(operation, apply, fault);
  };
  const each = <E extends { readonly Id?: string | undefined }>(
    entries: readonly E[] = [],
    act: (entry: E) => void,
  ) => {
    const Failed = entries.filter(() => chaos.strikes('messagingFailures'));
    for (const entry of entries.filter((one) => !Failed.includes(one))) {
      act(entry);
    }
    return { Failed: Failed.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })) };
  };
  const receive = ({ MaxNumberOfMessages = 1, VisibilityTimeout = 0 }: ReceiveMessageCommandInput) => ({
    Messages: queue
      .take(MaxNumberOfMessages, VisibilityTimeout * SECOND)
      .map(({ messageId, body, receiptHandle, receiveCount }) => ({
        MessageId: messageId,
        Body: body,
        ReceiptHandle: receiptHandle,
        Attributes: { ApproximateReceiveCount: String(receiveCount) },
      })),
  });
  const remove = ({ Entries }: DeleteMessageBatchCommandInput) =>
    each(Entries, ({ ReceiptHandle = '' }) => queue.deleteByHandle(ReceiptHandle));
  const delay = ({ Entries }: ChangeMessageVisibilityBatchCommandInput) =>
    each(Entries, ({ ReceiptHandle = '', VisibilityTimeout = 0 }) =>
      queue.delayByHandle(ReceiptHandle, VisibilityTimeout * SECOND),
    );
  const send = (command: object): Promise<object> => {
    if (command instanceof ReceiveMessageCommand) {
      return call('ReceiveMessage', () => receive(command.input));
    }
    if (command instanceof DeleteMessageBatchCommand) {
      return call('DeleteMessageBatch', () => remove(command.input));
    }
    if (command instanceof ChangeMessageVisibilityBatchCommand) {
      return call('ChangeMessageVisibilityBatch', () => delay(command.input));
    }
    throw new TypeError(`${command.constructor.name} is no call of a function to its own queue.`);
  };
  return { send } as unknown as SQSClient;
}
