/**
 * The one definition of what is deployed, in the cloud and locally: what feeds each function, its environment, and its
 * permissions. How tables, queues, functions and alarms are made is in the files beside this one.
 */

import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Annotations, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { COMMITTED_STATUS, TRANSFERS_TABLE } from '../storage/table-schema.ts';
import { createAlarms } from './alarms.ts';
import { createBackups } from './backups.ts';
import { CHORES, CREDITS, EVENTS, INCOMING_BATCH } from './batch-sizes.ts';
import { costTags } from './cost-tags.ts';
import { createDashboard } from './dashboard.ts';
import { feedFromQueue, feedFromStream } from './event-sources.ts';
import { createFunction, type FunctionName, type LedgerFunctionName } from './functions.ts';
import { createQueues, createTopics, type Queues, type Topics } from './messaging.ts';
import type { StackOptions } from './options.ts';
import { createOutputs } from './outputs.ts';
import { createPeerExports } from './peers/peer-exports.ts';
import { onPeerQueues } from './peers/peer-permissions.ts';
import { allow, consume, delay, onTable, publishTo, readStreams, sendTo } from './permissions.ts';
import { nameRunbooks } from './runbook.ts';
import { createScheduledAudit } from './scheduled-audit.ts';
import { type SweepPeriods, startSweeps } from './sweeps.ts';
import { createSwitchOutputs } from './switches.ts';
import { createSyntheticPayment } from './synthetic-payment.ts';
import { createTables, type Tables } from './tables.ts';
import { shiftTraffic } from './traffic-shift.ts';

export interface AccountingStackProps extends StackProps {
  readonly options: StackOptions;
  /** The folders of the functions' bundles. */
  readonly codeFolders: Readonly<Record<FunctionName, string>>;
  /** The protocol's settings, as variables of the functions' environments. */
  readonly settings: Readonly<Record<string, string>>;
  readonly sweepPeriods: SweepPeriods;
  /** The authority's node ID, where it may have peers. */
  readonly authorityId?: string | undefined;
}

/** Concurrency may be reserved for these, so that no other function can starve the outbox. */
const WITH_RESERVE: ReadonlySet<FunctionName> = new Set(['publish-events', 'credit-recipients']);

/** The functions that feed the queue that feeds them; lib/shell/sweep.ts bounds how often. */
const SWEEPS: ReadonlySet<FunctionName> = new Set(['sweep-accounts', 'sweep-transfers', 'publish-again']);

/**
 * How often notices of records that were given up are looked for. What is given up is 20 hours old, so an hour matters little,
 * and many notices become one sweep.
 */
const PUBLISH_AGAIN_SECONDS = 3_600;

/** Credits are due only for transfers that are committed and not yet credited. */
const COMMITTED_TRANSFERS = {
  dynamodb: { NewImage: { [TRANSFERS_TABLE.status]: { S: [COMMITTED_STATUS] } } },
};

/** Only their time to live removes transfers, long after the last message about them. */
const NOT_REMOVED = { eventName: ['INSERT', 'MODIFY'] };

export class AccountingStack extends Stack {
  constructor(scope: Construct, id: string, props: AccountingStackProps) {
    super(scope, id, {
      description:
        'Swaptacular accounting authority: accounts and transfers behind the Swaptacular Messaging Protocol',
      terminationProtection: !props.options.isDisposable,
      tags: costTags(props.options.stackName, props.options.tags),
      ...props,
    });
    const tables = createTables(this, props.options);
    const queues = createQueues(this);
    const topics = createTopics(this);
    const functions = createFunctions(this, props, { tables, queues, topics });
    feedFromQueue(functions['process-messages'], queues.incoming, {
      batchSize: INCOMING_BATCH,
      windowSeconds: 0,
      maxConcurrency: props.options.incomingConcurrency,
    });
    feedFromStream(functions['credit-recipients'], 'CommittedTransfers', {
      table: tables.transfers,
      pattern: COMMITTED_TRANSFERS,
      ...CREDITS,
      notices: queues.failureNotices,
    });
    feedFromStream(functions['publish-events'], 'AccountEvents', {
      table: tables.accounts,
      ...EVENTS,
      notices: queues.failureNotices,
    });
    feedFromStream(functions['publish-events'], 'TransferEvents', {
      table: tables.transfers,
      pattern: NOT_REMOVED,
      ...EVENTS,
      notices: queues.failureNotices,
    });
    feedFromQueue(functions['run-chores'], queues.chores, CHORES);
    const { accountsSeconds, transfersSeconds } = props.sweepPeriods;
    const { accountsSweep, transfersSweep, failedStarts } = queues;
    startSweeps(functions['sweep-accounts'], {
      periodSeconds: accountsSeconds,
      queue: accountsSweep,
      failedStarts,
    });
    startSweeps(functions['sweep-transfers'], {
      periodSeconds: transfersSeconds,
      queue: transfersSweep,
      failedStarts,
    });
    startSweeps(functions['publish-again'], {
      periodSeconds: PUBLISH_AGAIN_SECONDS,
      queue: queues.publishAgain,
      failedStarts,
    });
    const alarms = createAlarms(this, { ...props, ...props.options, queues, topics, functions });
    if (props.options.alarmTopicArn === undefined) {
      Annotations.of(this).addWarningV2(
        'swaptacular:alarmTopicArn',
        'Nobody is told of alarms: alarmTopicArn (APP_ALARM_TOPIC_ARN) is not set.',
      );
    }
    const paymentAlarm = createSyntheticPayment(this, {
      incoming: queues.incoming,
      topics,
      codeFolder: props.codeFolders['synthetic-payment'],
      options: props.options,
      settings: props.settings,
    });
    shiftTraffic(this, functions, {
      shift: props.options.trafficShift,
      alarms: { ...alarms, ...paymentAlarm },
    });
    createScheduledAudit(this, {
      tables,
      codeFolder: props.codeFolders['scheduled-audit'],
      options: props.options,
      settings: props.settings,
    });
    createDashboard(this, { stackName: props.options.stackName, queues, functions });
    nameRunbooks(this);
    createBackups(this, tables, props.options);
    createOutputs(this, { tables, queues, topics });
    if (props.authorityId !== undefined) {
      createPeerExports(this, props.options.stackName, {
        processMessages: functions['process-messages'],
        topics,
      });
    }
    // Operators' tools must project and judge as the functions do, so they take the settings from here.
    new CfnOutput(this, 'Settings', { value: JSON.stringify(props.settings) });
    createSwitchOutputs(this);
  }
}

interface Parts {
  readonly tables: Tables;
  readonly queues: Queues;
  readonly topics: Topics;
}

function createFunctions(
  scope: Construct,
  { codeFolders, settings, options, authorityId }: AccountingStackProps,
  { tables, queues, topics }: Parts,
): Record<LedgerFunctionName, LambdaFunction> {
  const create = (
    name: LedgerFunctionName,
    variables: Record<string, string>,
    permissions: PolicyStatement[],
  ) =>
    createFunction(scope, name, {
      codeFolder: codeFolders[name],
      environment: { ...settings, ...variables },
      permissions,
      continuesItself: SWEEPS.has(name),
      hasLiveAlias: options.trafficShift !== 'off',
      ...options,
      reservedConcurrency: WITH_RESERVE.has(name) ? options.reservedConcurrency : undefined,
    });
  const bothTables = {
    ACCOUNTS_TABLE_NAME: tables.accounts.tableName,
    TRANSFERS_TABLE_NAME: tables.transfers.tableName,
  };
  const failures = { STREAM_FAILURES_QUEUE_URL: queues.streamFailures.queueUrl };
  const topicArns = {
    TO_CREDITORS_TOPIC_ARN: topics.toCreditors.topicArn,
    TO_DEBTORS_TOPIC_ARN: topics.toDebtors.topicArn,
    TO_COORDINATORS_TOPIC_ARN: topics.toCoordinators.topicArn,
  };
  return {
    'process-messages': create(
      'process-messages',
      {
        ...bothTables,
        SOURCE_QUEUE_URL: queues.incoming.queueUrl,
        DEAD_LETTER_QUEUE_URL: queues.deadLetter.queueUrl,
        ...(authorityId !== undefined && { AUTHORITY_ID: authorityId }),
      },
      [
        consume(queues.incoming),
        delay(queues.incoming),
        onTable(tables.accounts, 'BatchGetItem', 'PutItem'),
        onTable(tables.transfers, 'BatchGetItem', 'PutItem'),
        sendTo(queues.deadLetter),
        ...(authorityId === undefined ? [] : onPeerQueues(scope, options.stackName)),
      ],
    ),
    'credit-recipients': create('credit-recipients', { ...bothTables, ...failures }, [
      readStreams(tables.transfers),
      // For unreadable records, which the function sends, and for Lambda's notices, sent with the function's role.
      sendTo(queues.streamFailures),
      sendTo(queues.failureNotices),
      onTable(tables.accounts, 'BatchGetItem', 'PutItem'),
      onTable(tables.transfers, 'BatchGetItem', 'PutItem'),
    ]),
    'publish-events': create(
      'publish-events',
      {
        ...topicArns,
        CHORES_QUEUE_URL: queues.chores.queueUrl,
        ...failures,
      },
      [
        readStreams(tables.accounts, tables.transfers),
        sendTo(queues.streamFailures),
        sendTo(queues.failureNotices),
        publishTo(topics.toCreditors, topics.toDebtors, topics.toCoordinators),
        sendTo(queues.chores),
      ],
    ),
    'run-chores': create('run-chores', { ...bothTables, SOURCE_QUEUE_URL: queues.chores.queueUrl }, [
      consume(queues.chores),
      delay(queues.chores),
      onTable(tables.accounts, 'BatchGetItem', 'PutItem'),
    ]),
    'sweep-accounts': create(
      'sweep-accounts',
      { ...bothTables, SWEEP_QUEUE_URL: queues.accountsSweep.queueUrl },
      [
        consume(queues.accountsSweep),
        sendTo(queues.accountsSweep),
        sendTo(queues.failedStarts),
        onTable(tables.accounts, 'DescribeTable', 'Scan', 'BatchGetItem', 'PutItem', 'DeleteItem'),
        onTable(tables.transfers, 'PutItem'),
      ],
    ),
    'sweep-transfers': create(
      'sweep-transfers',
      { ...bothTables, SWEEP_QUEUE_URL: queues.transfersSweep.queueUrl },
      [
        consume(queues.transfersSweep),
        sendTo(queues.transfersSweep),
        sendTo(queues.failedStarts),
        onTable(tables.transfers, 'DescribeTable', 'Scan', 'BatchGetItem', 'PutItem'),
        onTable(tables.accounts, 'BatchGetItem', 'PutItem'),
      ],
    ),
    'publish-again': create(
      'publish-again',
      {
        ...bothTables,
        ...topicArns,
        SWEEP_QUEUE_URL: queues.publishAgain.queueUrl,
        FAILURE_NOTICES_QUEUE_URL: queues.failureNotices.queueUrl,
      },
      [
        consume(queues.publishAgain),
        sendTo(queues.publishAgain),
        sendTo(queues.failedStarts),
        allow([queues.failureNotices.queueArn], ['sqs:ReceiveMessage', 'sqs:DeleteMessage']),
        onTable(tables.accounts, 'DescribeTable', 'Scan'),
        onTable(tables.transfers, 'DescribeTable', 'Scan'),
        publishTo(topics.toCreditors, topics.toDebtors, topics.toCoordinators),
      ],
    ),
  };
}
