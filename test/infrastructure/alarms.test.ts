import { describe, expect, it } from 'vitest';
import { propertiesOf, synthesize } from './template.ts';

const SIGNS: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: '>=',
  LessThanThreshold: '<',
};

describe('Alarms', () => {
  it('watch what would otherwise stay unnoticed', () => {
    const alarms = Object.entries(propertiesOf(synthesize(), 'AWS::CloudWatch::Alarm')).map(
      ([name, { MetricName, Dimensions, ComparisonOperator, Threshold, EvaluationPeriods }]) =>
        `${name}: ${MetricName} of ${Dimensions?.[0].Value} ${SIGNS[ComparisonOperator]} ${Threshold} for ${EvaluationPeriods}`,
    );
    expect(alarms).toStrictEqual([
      'DeadLettersAlarm: ApproximateNumberOfMessagesVisible of DeadLetters.QueueName >= 1 for 1',
      'GivenUpAlarm: ApproximateNumberOfMessagesVisible of GivenUp.QueueName >= 1 for 1',
      'ChoresDeadLettersAlarm: ApproximateNumberOfMessagesVisible of ChoresDeadLetters.QueueName >= 1 for 1',
      'SweepsDeadLettersAlarm: ApproximateNumberOfMessagesVisible of SweepsDeadLetters.QueueName >= 1 for 1',
      'FailedStartsAlarm: ApproximateNumberOfMessagesVisible of FailedStarts.QueueName >= 1 for 1',
      'StreamFailuresAlarm: ApproximateNumberOfMessagesVisible of StreamFailures.QueueName >= 1 for 1',
      'IncomingDelayAlarm: ApproximateAgeOfOldestMessage of Incoming.QueueName >= 600 for 1',
      'ToCreditorsDeliveriesAlarm: NumberOfNotificationsFailed of ToCreditors.TopicName >= 1 for 1',
      'ToDebtorsDeliveriesAlarm: NumberOfNotificationsFailed of ToDebtors.TopicName >= 1 for 1',
      'ToCoordinatorsDeliveriesAlarm: NumberOfNotificationsFailed of ToCoordinators.TopicName >= 1 for 1',
      'ReturnedMessagesAlarm: Messages.returned of process-messages >= 1 for 6',
      'PublishingDeniedAlarm: Publish.denied of publish-events >= 1 for 1',
      'RecordsGivenUpAlarm: Notices.publish-events of publish-again >= 1 for 1',
      'MessagesRefusedAgainAlarm: Again.refused of publish-again >= 1 for 1',
      'UncreditedTransfersAlarm: Sweep.transfers.credit of sweep-transfers >= 1 for 1',
      'OldestUncreditedTransferAlarm: Sweep.transfers.oldest-uncredited of sweep-transfers >= 3601 for 1',
      'AccountsSweepNotStartedAlarm: Sweep.accounts.started of sweep-accounts < 1 for 4',
      'TransfersSweepNotStartedAlarm: Sweep.transfers.started of sweep-transfers < 1 for 2',
      'CreditRecipientsDelayAlarm: IteratorAge of CreditRecipients >= 600000 for 1',
      'PublishEventsDelayAlarm: IteratorAge of PublishEvents >= 600000 for 1',
      ...[
        'ProcessMessages',
        'CreditRecipients',
        'PublishEvents',
        'RunChores',
        'SweepAccounts',
        'SweepTransfers',
        'PublishAgain',
      ].flatMap((name) => [
        `${name}ErrorsAlarm: Errors of ${name} >= 1 for 1`,
        `${name}ThrottlesAlarm: Throttles of ${name} >= 1 for 3`,
      ]),
    ]);
  });

  it('stay quiet without data, unless that is what they watch, and tell nobody by default', () => {
    const alarms = Object.entries(propertiesOf(synthesize(), 'AWS::CloudWatch::Alarm'));
    for (const [name, { TreatMissingData, AlarmActions }] of alarms) {
      const isAboutAbsence = name.endsWith('NotStartedAlarm');
      expect([TreatMissingData, AlarmActions], name).toStrictEqual([
        isAboutAbsence ? 'breaching' : 'notBreaching',
        undefined,
      ]);
    }
  });

  it('look for the metrics of their own stack', () => {
    const { ReturnedMessagesAlarm } = propertiesOf(
      synthesize({ stackName: 'Second' }),
      'AWS::CloudWatch::Alarm',
    );
    expect([ReturnedMessagesAlarm.Namespace, ReturnedMessagesAlarm.Dimensions]).toStrictEqual([
      'SwaptacularAccounts',
      [
        { Name: 'service', Value: 'process-messages' },
        { Name: 'stack', Value: 'Second' },
      ],
    ]);
  });

  it('are sent to the given topic when they begin and when they end', () => {
    const alarmTopicArn = 'arn:aws:sns:eu-central-1:123456789012:operators';
    for (const alarm of Object.values(
      propertiesOf(synthesize({ alarmTopicArn }), 'AWS::CloudWatch::Alarm'),
    )) {
      expect([alarm.AlarmActions, alarm.OKActions]).toStrictEqual([[alarmTopicArn], [alarmTopicArn]]);
    }
  });
});
