import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { propertiesOf, synthesize } from './template.ts';

const template = synthesize({ auditHours: '24' });

const RUNBOOK = 'Runbook: docs/operations.md, "Findings of the audit, and missing audits".';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string;
}

describe('The audit on a schedule', () => {
  it('is made every day', () => {
    expect(propertiesOf(template, 'AWS::Events::Rule').ScheduledAuditSchedule).toStrictEqual({
      ScheduleExpression: 'rate(1 day)',
      State: 'ENABLED',
      Targets: [{ Arn: 'ScheduledAudit.Arn', Id: 'Target0', Input: '{"audit":"start"}' }],
    });
  });

  it('has as much time and room as Lambda gives', () => {
    const { Timeout, EphemeralStorage, MemorySize } = propertiesOf(
      template,
      'AWS::Lambda::Function',
    ).ScheduledAudit;
    expect([Timeout, EphemeralStorage, MemorySize]).toStrictEqual([900, { Size: 10_240 }, 1_769]);
  });

  it('may read the tables, and change nothing', () => {
    const { PolicyDocument } = propertiesOf(template, 'AWS::IAM::Policy').ScheduledAuditRoleDefaultPolicy;
    const permissions = (PolicyDocument.Statement as Statement[])
      .flatMap(({ Action, Resource }) => [Action].flat().map((action) => `${action} on ${Resource}`))
      .filter((permission) => !/^(logs|xray):/.test(permission));
    expect(permissions.toSorted()).toStrictEqual([
      'dynamodb:DescribeTable on Accounts.Arn',
      'dynamodb:DescribeTable on Transfers.Arn',
      'dynamodb:GetItem on Accounts.Arn',
      'dynamodb:GetItem on Transfers.Arn',
      'dynamodb:Query on Transfers.Arn',
      'dynamodb:Scan on Accounts.Arn',
      'dynamodb:Scan on Transfers.Arn',
    ]);
  });

  // Emulators permit everything, so a call that is not permitted would fail in the cloud alone.
  it('makes no other kinds of calls', () => {
    const reader = readFileSync(resolve(import.meta.dirname, '../../lib/storage/table-reader.ts'), 'utf8');
    const calls = [...reader.matchAll(/new (\w+)Command\(|paginate(\w+)\(/g)].map(
      ([, call, paginated]) => call ?? paginated,
    );
    expect([...new Set(calls)].toSorted()).toStrictEqual(['DescribeTable', 'GetItem', 'Query', 'Scan']);
  });

  it('raises alarms on findings, and when it is missing twice', () => {
    const { AuditFindingsAlarm, AuditMissingAlarm } = propertiesOf(template, 'AWS::CloudWatch::Alarm');
    const shared = {
      Namespace: 'SwaptacularAccounts',
      Dimensions: [
        { Name: 'service', Value: 'scheduled-audit' },
        { Name: 'stack', Value: 'Tested' },
      ],
      Statistic: 'Sum',
      Period: 86_400,
      Threshold: 1,
    };
    expect(AuditFindingsAlarm).toStrictEqual({
      ...shared,
      AlarmDescription: `The audit has found something in the ledger that is not as it must be. ${RUNBOOK}`,
      MetricName: 'Audit.findings',
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'ignore',
    });
    expect(AuditMissingAlarm).toStrictEqual({
      ...shared,
      AlarmDescription: `The ledger has not been audited for two periods. ${RUNBOOK}`,
      MetricName: 'Audit.completed',
      EvaluationPeriods: 2,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('leaves no trace in a stack without it', () => {
    const resources = Object.keys(synthesize({ auditHours: '0' }).Resources);
    expect(resources.filter((name) => /Audit/.test(name))).toStrictEqual([]);
  });
});
