/** The way to an authority through SQS and SNS, in a local run or on AWS. */

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { subscribe } from '../aws/subscription.ts';
import { textQueue } from '../aws/text-queue.ts';
import { openSqliteStore } from '../stores/sqlite-store.ts';
import type { AuthorityAccess } from './connection.ts';
import type { Output } from './output.ts';
import { readOutputs } from './outputs-file.ts';
import type { Profile } from './profile.ts';
import { queueConnection } from './queue-connection.ts';

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
    sendTexts: async (texts) => void (await textQueue({ sqs, queueUrl: incomingQueueUrl }).send(texts)),
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
