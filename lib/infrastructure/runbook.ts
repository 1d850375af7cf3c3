/** Which heading of docs/operations.md each alarm leads to. The alarm's description names it. */

import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Stack } from 'aws-cdk-lib/core';

/** By the alarm's name in the stack; the first pattern that matches counts. */
const HEADINGS: readonly (readonly [RegExp, string])[] = [
  [/^DeadLettersAlarm$/, 'Refused messages'],
  [/^GivenUpAlarm$/, 'Messages that failed too often'],
  [/^ChoresDeadLettersAlarm$/, 'Chores that failed too often'],
  [/^(SweepsDeadLetters|FailedStarts|\w+SweepNotStarted)Alarm$/, 'Sweeps that fail or do not start'],
  [/^StreamFailuresAlarm$/, 'Records of streams that failed'],
  [/^(IncomingDelay|ReturnedMessages)Alarm$/, 'Incoming messages are late'],
  [/^(UncreditedTransfers|OldestUncreditedTransfer|CreditRecipientsDelay)Alarm$/, 'Credits are late'],
  [
    /^(PublishEventsDelay|PublishingDenied|RecordsGivenUp|MessagesRefusedAgain)Alarm$/,
    'Outgoing messages are late',
  ],
  [/^To\w+DeliveriesAlarm$/, 'Subscribers that can not be reached'],
  [/ErrorsAlarm$/, 'Failing functions'],
  [/ThrottlesAlarm$/, 'Throttled functions'],
  [/^Audit(Findings|Missing)Alarm$/, 'Findings of the audit, and missing audits'],
  [/^SyntheticPaymentAlarm$/, 'Payments do not go through'],
];

/** @returns undefined when no heading is about such an alarm */
export function runbookHeading(alarmName: string): string | undefined {
  return HEADINGS.find(([pattern]) => pattern.test(alarmName))?.[1];
}

/** Adds the headings to the descriptions of the stack's alarms. To be called when all of them are there. */
export function nameRunbooks(stack: Stack): void {
  for (const part of stack.node.findAll()) {
    if (part instanceof CfnAlarm) {
      const heading = runbookHeading(part.node.scope?.node.id ?? '');
      if (heading !== undefined) {
        part.alarmDescription = `${part.alarmDescription} Runbook: docs/operations.md, "${heading}".`;
      }
    }
  }
}
