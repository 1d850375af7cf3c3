/** The way to an authority through SQS and SNS, in a local run or on AWS. */

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { subscribe } from '../aws/subscription.ts';
import { openSqliteStore } from '../stores/sqlite-store.ts';
import type { AuthorityAccess } from './connection.ts';
import type { Output } from './output.ts';
import { readOutputs } from './outputs-file.ts';
import type { Profile } from './profile.ts';
import { queueConnection } from './queue-connection.ts';

/** SQS takes ten messages in a call. */
const BATCH_SIZE = 10;

/** The local run accepts any credentials, and never gets real ones. */
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** @throws {UsageError} where the outputs are not those of an authority */
export function awsAuthority(profile: Profile, { tell }: Output): AuthorityAccess {
  const outputs = readOutputs(profile.outputs, profile.stack);
  if (outputs.notice !== undefined) {
    tell(outputs.notice);
  }
  const { incomingQueueUrl, topicArns, region, endpoint } = outputs;
  const place = { region, ...(endpoint !== undefined && { endpoint, credentials: LOCAL_CREDENTIALS }) };
  const sqs = new SQS(place);
  const sns = new SNS(place);
  return {
    connect: async (role, signal) => {
      const { queueUrl } =
        profile.queue === undefined
          ? await subscribe({ sqs, sns, topicArns, role, signal })
          : { queueUrl: profile.queue };
      return queueConnection({ sqs, incomingQueueUrl, queueUrl });
    },
    sendTexts: async (texts, abortSignal) => {
      for (let start = 0; start < texts.length; start += BATCH_SIZE) {
        const Entries = texts
          .slice(start, start + BATCH_SIZE)
          .map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
        const { Failed = [] } = await sqs.sendMessageBatch(
          { QueueUrl: incomingQueueUrl, Entries },
          { abortSignal },
        );
        const [failed] = Failed;
        if (failed !== undefined) {
          throw new Error(`Message ${start + Number(failed.Id) + 1} was not sent: ${failed.Code}.`);
        }
      }
    },
    openStore: async () => {
      const file = profile.store ?? outputs.storeFile;
      mkdirSync(dirname(file), { recursive: true });
      return openSqliteStore(file);
    },
    [Symbol.asyncDispose]: async () => {
      sqs.destroy();
      sns.destroy();
    },
  };
}
