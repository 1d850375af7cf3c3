import { describe, expect, it } from 'vitest';
import { propertiesOf, synthesize } from './template.ts';

const alarmTopicArn = 'arn:aws:sns:eu-central-1:123456789012:operators';
const template = synthesize({ syntheticPaymentMinutes: '5', syntheticDebtorId: '-7', alarmTopicArn });

describe('Synthetic payments', () => {
  it('are made every few minutes, and not made up for', () => {
    expect(propertiesOf(template, 'AWS::Events::Rule').SyntheticPaymentSchedule).toStrictEqual({
      ScheduleExpression: 'rate(5 minutes)',
      State: 'ENABLED',
      Targets: [{ Arn: 'SyntheticPayment.Arn', Id: 'Target0', Input: '{"syntheticPayment":"start"}' }],
    });
    expect(
      Object.values(propertiesOf(template, 'AWS::Lambda::EventInvokeConfig')).filter(
        ({ FunctionName }) => FunctionName === 'SyntheticPayment',
      ),
    ).toStrictEqual([{ FunctionName: 'SyntheticPayment', MaximumRetryAttempts: 0, Qualifier: '$LATEST' }]);
    expect(propertiesOf(template, 'AWS::Lambda::Permission').SyntheticPaymentMayBeScheduled).toStrictEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: 'SyntheticPayment.Arn',
      Principal: 'events.amazonaws.com',
      SourceArn: 'SyntheticPaymentSchedule.Arn',
    });
  });

  it('end before the next one starts, with what they need and may do', () => {
    const { Timeout, Environment } = propertiesOf(template, 'AWS::Lambda::Function').SyntheticPayment;
    expect([Timeout, Environment.Variables]).toStrictEqual([
      110,
      {
        POWERTOOLS_LOG_LEVEL: 'INFO',
        POWERTOOLS_METRICS_NAMESPACE: 'SwaptacularAccounts',
        POWERTOOLS_SERVICE_NAME: 'synthetic-payment',
        STACK_NAME: 'Tested',
        INCOMING_QUEUE_URL: 'Incoming',
        ANSWERS_QUEUE_URL: 'SyntheticAnswers',
        SYNTHETIC_DEBTOR_ID: '-7',
      },
    ]);
    const { PolicyDocument } = propertiesOf(template, 'AWS::IAM::Policy').SyntheticPaymentRoleDefaultPolicy;
    expect(
      PolicyDocument.Statement.map(({ Action, Resource }: { Action: string[]; Resource: string }) => [
        [Action].flat().toSorted(),
        Resource,
      ]),
    ).toStrictEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], 'SyntheticPaymentLogs.Arn'],
      [['sqs:SendMessage'], 'Incoming.Arn'],
      [['sqs:DeleteMessage', 'sqs:ReceiveMessage'], 'SyntheticAnswers.Arn'],
      [['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], '*'],
    ]);
  });

  it('get the answers of their own currency, which nobody but the topics may send', () => {
    expect(Object.values(propertiesOf(template, 'AWS::SNS::Subscription'))).toStrictEqual(
      ['ToCreditors', 'ToDebtors', 'ToCoordinators'].map((TopicArn) => ({
        TopicArn,
        Protocol: 'sqs',
        Endpoint: 'SyntheticAnswers.Arn',
        RawMessageDelivery: true,
        FilterPolicy: { debtor_id: ['-7'] },
      })),
    );
    const { PolicyDocument } = propertiesOf(template, 'AWS::SQS::QueuePolicy').SyntheticAnswersPolicy;
    expect(
      PolicyDocument.Statement.find(({ Effect }: { Effect: string }) => Effect === 'Allow'),
    ).toStrictEqual({
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Principal: { Service: 'sns.amazonaws.com' },
      Resource: 'SyntheticAnswers.Arn',
      Condition: { ArnEquals: { 'aws:SourceArn': ['ToCreditors', 'ToDebtors', 'ToCoordinators'] } },
    });
  });

  it('raise an alarm when three of them are missing, with or without data', () => {
    expect(propertiesOf(template, 'AWS::CloudWatch::Alarm').SyntheticPaymentAlarm).toStrictEqual({
      AlarmDescription:
        'Payments do not go through: no synthetic payment has completed for three periods. Runbook: docs/operations.md, "Payments do not go through".',
      AlarmActions: [alarmTopicArn],
      OKActions: [alarmTopicArn],
      Namespace: 'SwaptacularAccounts',
      MetricName: 'SyntheticPayment.completed',
      Dimensions: [
        { Name: 'service', Value: 'synthetic-payment' },
        { Name: 'stack', Value: 'Tested' },
      ],
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 3,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('leave no trace in a stack without them', () => {
    const resources = Object.keys(synthesize({ syntheticPaymentMinutes: '0' }).Resources);
    expect(resources.filter((name) => name.startsWith('Synthetic'))).toStrictEqual([]);
  });
});
