import {
  type DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { sqsClientMailbox } from '../../lib/shell/client-mailbox.ts';

const QUEUES = { incomingQueueUrl: 'incoming', answersQueueUrl: 'answers' };

const PURGE =
  '{"type":"AccountPurge","debtor_id":1,"creditor_id":2,"ts":"2026-01-02T03:04:05+00:00","creation_date":"2026-01-01"}';

/** A client that has these bodies in the queue, and keeps what it is asked for. Like SQS, it names no messages where there are none. */
function clientWith(...bodies: readonly string[]) {
  const inputs: object[] = [];
  const send = async (command: ReceiveMessageCommand | DeleteMessageBatchCommand | SendMessageCommand) => {
    inputs.push(command.input);
    const Messages = bodies.map((Body, index) => ({ Body, ReceiptHandle: `receipt ${index}` }));
    return command instanceof ReceiveMessageCommand && Messages.length > 0 ? { Messages } : {};
  };
  return { inputs, client: { send } as unknown as SQSClient };
}

describe('The mailbox of a client', () => {
  it('sends messages to the incoming queue as the protocol writes them', async () => {
    const { client, inputs } = clientWith();
    await sqsClientMailbox(client, QUEUES).send({
      type: 'ConfigureAccount',
      debtorId: 1n,
      creditorId: 2n,
      negligibleAmount: 0,
      configFlags: 0,
      configData: '',
      ts: 0n,
      seqnum: 3,
    });
    expect(inputs).toStrictEqual([
      {
        QueueUrl: 'incoming',
        MessageBody:
          '{"type":"ConfigureAccount","debtor_id":1,"creditor_id":2,"negligible_amount":0.0,"config_flags":0,"config_data":"","ts":"1970-01-01T00:00:00+00:00","seqnum":3}',
      },
    ]);
  });

  it('waits for answers in its own queue, shorter than a call of a function may take', async () => {
    const { client, inputs } = clientWith(PURGE);
    await sqsClientMailbox(client, QUEUES).receive();
    expect(inputs[0]).toStrictEqual({ QueueUrl: 'answers', MaxNumberOfMessages: 10, WaitTimeSeconds: 3 });
  });

  it('takes answers out of its queue, and skips what is none', async () => {
    const { client, inputs } = clientWith(PURGE, 'no message');
    const answers = await sqsClientMailbox(client, QUEUES).receive();
    expect(answers).toStrictEqual([
      {
        type: 'AccountPurge',
        debtorId: 1n,
        creditorId: 2n,
        ts: 1767323045000000n,
        creationDate: '2026-01-01',
      },
    ]);
    expect(inputs[1]).toStrictEqual({
      QueueUrl: 'answers',
      Entries: [
        { Id: '0', ReceiptHandle: 'receipt 0' },
        { Id: '1', ReceiptHandle: 'receipt 1' },
      ],
    });
  });

  it('deletes nothing where nothing came', async () => {
    const { client, inputs } = clientWith();
    expect(await sqsClientMailbox(client, QUEUES).receive()).toStrictEqual([]);
    expect(inputs.length).toBe(1);
  });
});
