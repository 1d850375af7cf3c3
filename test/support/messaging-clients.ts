/** SQS and SNS clients that keep what is sent, and answer as a test wants. */

import type { PublishBatchCommandInput, SNSClient } from '@aws-sdk/client-sns';
import type { SendMessageBatchCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import type { FailedEntry } from '../../lib/shell/send-failures.ts';

/**
 * The answer of a batch call other than "all done": the indexes of the entries that failed for no fault of theirs, the failures of
 * entries by their indexes, or an error to throw.
 */
export type Answer = readonly number[] | ReadonlyMap<number, FailedEntry> | Error;

export interface Calls<Input> {
  /** The inputs of all calls, in their order. */
  readonly inputs: readonly Input[];
  /** The greatest number of concurrent calls. */
  readonly mostAtOnce: () => number;
}

/** @param answer what the call with this number, from 0, answers */
export function testSqsClient(
  answer: (call: number) => Answer = () => [],
): Calls<SendMessageBatchCommandInput> & { readonly client: SQSClient } {
  return testClient<SendMessageBatchCommandInput, SQSClient>(answer, ({ Entries = [] }) => Entries);
}

/** @param answer what the call with this number, from 0, answers */
export function testSnsClient(
  answer: (call: number) => Answer = () => [],
): Calls<PublishBatchCommandInput> & { readonly client: SNSClient } {
  return testClient<PublishBatchCommandInput, SNSClient>(
    answer,
    ({ PublishBatchRequestEntries = [] }) => PublishBatchRequestEntries,
  );
}

const TRY_AGAIN: FailedEntry = { Code: 'InternalError', Message: 'try again', SenderFault: false };

function testClient<Input, Client>(
  answer: (call: number) => Answer,
  entriesOf: (input: Input) => readonly { readonly Id?: string | undefined }[],
) {
  const inputs: Input[] = [];
  let [running, most] = [0, 0];
  const send = async ({ input }: { readonly input: Input }) => {
    const answered = answer(inputs.push(input) - 1);
    running += 1;
    most = Math.max(most, running);
    // Like a real call, this lasts at least until the calls started at the same time have started.
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (answered instanceof Error) {
      throw answered;
    }
    const failures =
      answered instanceof Map
        ? [...answered]
        : (answered as readonly number[]).map((index) => [index, TRY_AGAIN]);
    return { Failed: failures.map(([index, failure]) => ({ ...failure, Id: entriesOf(input)[index]?.Id })) };
  };
  return { client: { send } as unknown as Client, inputs, mostAtOnce: () => most };
}
