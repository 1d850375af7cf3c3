/** What a stack tells about itself: the addresses that clients and operators need. The local run gives the same names. */

import { CfnOutput } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Queues, Topics } from './messaging.ts';
import type { Tables } from './tables.ts';

export interface NamedParts {
  readonly tables: Tables;
  readonly queues: Queues;
  readonly topics: Topics;
}

export function createOutputs(scope: Construct, { tables, queues, topics }: NamedParts): void {
  const outputs: Record<string, string> = {
    IncomingQueueUrl: queues.incoming.queueUrl,
    ToCreditorsTopicArn: topics.toCreditors.topicArn,
    ToDebtorsTopicArn: topics.toDebtors.topicArn,
    ToCoordinatorsTopicArn: topics.toCoordinators.topicArn,
    AccountsTableName: tables.accounts.tableName,
    TransfersTableName: tables.transfers.tableName,
    DeadLetterQueueUrl: queues.deadLetter.queueUrl,
    GivenUpQueueUrl: queues.givenUp.queueUrl,
    // Only for operators' tools.
    ChoresQueueUrl: queues.chores.queueUrl,
    ChoresDeadLetterQueueUrl: queues.choresDeadLetter.queueUrl,
    AccountsSweepQueueUrl: queues.accountsSweep.queueUrl,
    TransfersSweepQueueUrl: queues.transfersSweep.queueUrl,
    SweepsDeadLetterQueueUrl: queues.sweepsDeadLetter.queueUrl,
    FailedStartsQueueUrl: queues.failedStarts.queueUrl,
    StreamFailuresQueueUrl: queues.streamFailures.queueUrl,
    FailureNoticesQueueUrl: queues.failureNotices.queueUrl,
    PublishAgainTasksQueueUrl: queues.publishAgain.queueUrl,
  };
  for (const [name, value] of Object.entries(outputs)) {
    new CfnOutput(scope, name, { value });
  }
}
