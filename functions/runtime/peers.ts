/** Whom messages come from, where the stack has peers: each has a queue of its own, whose name says who it is. */

import type { SQSClient } from '@aws-sdk/client-sqs';
import { queueDoor } from '../../lib/peers/queue-door.ts';
import {
  type DeadLetter,
  type DeadLetterQueue,
  sqsDeadLetterQueue,
} from '../../lib/shell/dead-letter-queue.ts';
import type { MessageTools } from '../../lib/shell/process-messages.ts';
import { required } from './environment.ts';

/**
 * What process-messages needs to know about senders.
 * @param authorityId `undefined` where the stack has no peers: then whoever reaches the incoming queue may send everything
 * @param deadLetterQueueUrl for messages that no peer sent
 */
export function messageTools(
  client: SQSClient,
  authorityId: string | undefined,
  deadLetterQueueUrl: string,
): MessageTools {
  const deadLetters = sqsDeadLetterQueue(client, deadLetterQueueUrl);
  if (authorityId === undefined) {
    return { deadLetters };
  }
  const door = queueDoor({ stackName: required('STACK_NAME'), authorityId });
  const urlOf = ({ sourceArn }: DeadLetter): string => {
    const name = sourceArn && door.refusedQueueOf(sourceArn);
    // All queues of the account have addresses that differ in their last part only.
    return name ? deadLetterQueueUrl.replace(/[^/]*$/, name) : deadLetterQueueUrl;
  };
  return {
    deadLetters: bySender(urlOf, (url) => sqsDeadLetterQueue(client, url)),
    admit: ({ sourceArn }, message, now) => door.admit(sourceArn, message, now),
  };
}

/** Sends each letter to the queue that it belongs into. */
function bySender(
  urlOf: (letter: DeadLetter) => string,
  queueAt: (url: string) => DeadLetterQueue,
): DeadLetterQueue {
  return {
    send: async (letters) => {
      const groups = [...Map.groupBy(letters, urlOf)];
      const unsent = await Promise.all(groups.map(([url, group]) => queueAt(url).send(group)));
      return unsent.flat();
    },
  };
}
