import { describe, expect, it } from 'vitest';
import { propertiesOf, synthesize } from './template.ts';

describe('Alarms', () => {
  it('watch what would otherwise stay unnoticed', () => {
    const alarms = Object.entries(propertiesOf(synthesize(), 'AWS::CloudWatch::Alarm')).map(
      ([name, { MetricName, Dimensions, Threshold, EvaluationPeriods }]) =>
        `${name}: ${MetricName} of ${Dimensions[0].Value} >= ${Threshold} for ${EvaluationPeriods}`,
    );
    expect(alarms).toStrictEqual([
      'DeadLettersAlarm: ApproximateNumberOfMessagesVisible of DeadLetters.QueueName >= 1 for 1',
      'GivenUpAlarm: ApproximateNumberOfMessagesVisible of GivenUp.QueueName >= 1 for 1',
      'ChoresDeadLettersAlarm: ApproximateNumberOfMessagesVisible of ChoresDeadLetters.QueueName >= 1 for 1',
      'SweepsDeadLettersAlarm: ApproximateNumberOfMessagesVisible of SweepsDeadLetters.QueueName >= 1 for 1',
      'StreamFailuresAlarm: ApproximateNumberOfMessagesVisible of StreamFailures.QueueName >= 1 for 1',
      'IncomingDelayAlarm: ApproximateAgeOfOldestMessage of Incoming.QueueName >= 600 for 1',
      'CreditRecipientsDelayAlarm: IteratorAge of CreditRecipients >= 600000 for 1',
      'PublishEventsDelayAlarm: IteratorAge of PublishEvents >= 600000 for 1',
      ...[
        'ProcessMessages',
        'CreditRecipients',
        'PublishEvents',
        'RunChores',
        'SweepAccounts',
        'SweepTransfers',
      ].flatMap((name) => [
        `${name}ErrorsAlarm: Errors of ${name} >= 1 for 1`,
        `${name}ThrottlesAlarm: Throttles of ${name} >= 1 for 3`,
      ]),
    ]);
  });

  it('stay quiet without data, and tell nobody by default', () => {
    for (const alarm of Object.values(propertiesOf(synthesize(), 'AWS::CloudWatch::Alarm'))) {
      expect([alarm.TreatMissingData, alarm.AlarmActions]).toStrictEqual(['notBreaching', undefined]);
    }
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
