/** What a client of the authority has: it sends messages to the incoming queue, and has a queue in which its answers arrive. */

import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { MalformedMessageError, parseOutgoingMessage, printMessage } from '../protocol/codec.ts';
import type { IncomingMessage, OutgoingMessage } from '../protocol/messages.ts';

export interface ClientMailbox {
  readonly send: (message: IncomingMessage) => Promise<void>;
  /** Waits some seconds for answers, and takes those that have come. Empty when there were none. */
  readonly receive: () => Promise<readonly OutgoingMessage[]>;
}

export interface MailboxQueues {
  readonly incomingQueueUrl: string;
  readonly answersQueueUrl: string;
}

const MAX_RECEIVED = 10;
/** Less than the longest time that a call of a function may take. */
const WAIT_SECONDS = 3;

export function sqsClientMailbox(
  client: SQSClient,
  { incomingQueueUrl, answersQueueUrl }: MailboxQueues,
): ClientMailbox {
  return {
    send: async (message) => {
      await client.send(
        new SendMessageCommand({ QueueUrl: incomingQueueUrl, MessageBody: printMessage(message) }),
      );
    },
    receive: async () => {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: answersQueueUrl,
          MaxNumberOfMessages: MAX_RECEIVED,
          WaitTimeSeconds: WAIT_SECONDS,
        }),
      );
      if (Messages.length > 0) {
        // What could not be deleted comes again, which a client must expect anyway.
        await client.send(
          new DeleteMessageBatchCommand({
            QueueUrl: answersQueueUrl,
            Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
          }),
        );
      }
      return Messages.flatMap(({ Body = '' }) => parse(Body));
    },
  };
}

/** What is no message of the authority is skipped: others may send to the queue by mistake. */
function parse(body: string): readonly OutgoingMessage[] {
  try {
    return [parseOutgoingMessage(body)];
  } catch (error) {
    if (error instanceof MalformedMessageError) {
      return [];
    }
    throw error;
  }
}
