/**
 * Advice of cdk-nag that this stack does not follow, each with the reason. `construct` is the path below the stack; `*` stands
 * for any one name in it.
 */

export interface Exception {
  readonly rule: string;
  readonly constructs: readonly string[];
  readonly reason: string;
}

const LAST_RESORTS = ['DeadLetters', 'FailedStarts', 'StreamFailures'];
/** Lambda sends its notices there, and publish-again takes them. */
const NOTICES = 'FailureNotices/Resource';

export const EXCEPTIONS: readonly Exception[] = [
  {
    rule: 'AwsSolutions-IAM5[Resource::*]',
    constructs: ['*Role/DefaultPolicy/Resource'],
    reason:
      'Only xray:PutTraceSegments and xray:PutTelemetryRecords are allowed on all resources. IAM knows no resource for them.',
  },
  {
    rule: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup]',
    constructs: ['BackupSelection/Role/Resource'],
    reason:
      'AWS keeps this policy in step with what AWS Backup calls. A copy of it would miss calls some day, and backups with them.',
  },
  {
    rule: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
    constructs: ['UpgradesRole/Resource'],
    reason:
      'AWS keeps this policy in step with what CodeDeploy calls. A copy of it would miss calls some day, and every upgrade would be rolled back.',
  },
  {
    rule: 'AwsSolutions-SQS3',
    constructs: LAST_RESORTS.map((name) => `${name}/Resource`),
    reason:
      'They are dead-letter queues. Functions, Lambda and EventBridge send to them, not SQS, so no queue names them in a redrive policy.',
  },
  {
    rule: 'Serverless-SQSRedrivePolicy',
    constructs: [...LAST_RESORTS, 'GivenUp', 'ChoresDeadLetters', 'SweepsDeadLetters'].map(
      (name) => `${name}/Resource`,
    ),
    reason:
      'Nothing reads these queues but a person, whose tool deletes an entry when its work is done. A redrive policy would hide entries after some looks.',
  },
  ...['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy'].map((rule) => ({
    rule,
    constructs: [NOTICES],
    reason:
      'A notice is deleted only when its work is stored, and must stay until then, however often it was looked at.',
  })),
  {
    rule: 'AwsSolutions-SQS3',
    constructs: ['SyntheticAnswers/Resource'],
    reason:
      'Answers to a synthetic payment are of no use once it has ended. The payment then counts as failed.',
  },
  {
    rule: 'Serverless-SQSRedrivePolicy',
    constructs: ['SyntheticAnswers/Resource'],
    reason:
      'Answers to a synthetic payment are of no use once it has ended. The payment then counts as failed.',
  },
  {
    rule: 'Serverless-SNSRedrivePolicy',
    constructs: ['SyntheticAnswers/*/Resource'],
    reason: 'An answer that is not delivered makes its synthetic payment fail, which is what it has to do.',
  },
  {
    rule: 'Serverless-LambdaDLQ',
    constructs: [
      'ProcessMessages/Resource',
      'CreditRecipients/Resource',
      'PublishEvents/Resource',
      'RunChores/Resource',
      'SweepAccounts/Resource',
      'SweepTransfers/Resource',
      'PublishAgain/Resource',
    ],
    reason:
      'Queues and streams invoke these functions synchronously, and such a function’s own dead-letter queue gets nothing. The queues and mappings have theirs, and failed starts of sweeps go to an on-failure destination.',
  },
  {
    rule: 'Serverless-LambdaDLQ',
    constructs: ['SyntheticPayment/Resource', 'ScheduledAudit/Resource'],
    reason:
      'Their alarms are raised by what is missing, so a failed start shows. There is nothing to do later.',
  },
  {
    rule: 'Serverless-LambdaAsyncFailureDestination',
    constructs: ['SyntheticPayment/EventInvokeConfig/Resource'],
    reason: 'SyntheticPaymentAlarm is raised by missing payments, so a failed start shows.',
  },
  {
    rule: 'Serverless-EventBusDLQ',
    constructs: ['SyntheticPayment/Schedule/Resource', 'ScheduledAudit/Schedule/Resource'],
    reason:
      'SyntheticPaymentAlarm and AuditMissingAlarm are raised by what is missing, so a start that fails shows.',
  },
  {
    rule: 'Serverless-LambdaEventSourceMappingDestination',
    constructs: ['*/QueueMapping/Resource'],
    reason:
      'Lambda has destinations for mappings of streams only. Queues have the redrive policy, and here all of these do.',
  },
];
