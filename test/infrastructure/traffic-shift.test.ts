import { describe, expect, it } from 'vitest';
import type { Template } from '../../lib/operations/deploy/template-losses.ts';
import { aPeer, synthesizeNetwork } from './peers/peer-templates.ts';
import { propertiesOf, type ReadableTemplate, synthesize, withTestedStack } from './template.ts';

/** With a hash each, as they are on every deployed stack. A mapping of another ID begins at the oldest record of its stream. */
const MAPPING_IDS = [
  'CreditRecipientsCommittedTransfersD002ADAC',
  'ProcessMessagesQueueMapping2D0CAE23',
  'PublishAgainQueueMappingE81159F5',
  'PublishEventsAccountEvents1404F9D7',
  'PublishEventsTransferEvents7E0EE6AE',
  'RunChoresQueueMapping21FC0555',
  'SweepAccountsQueueMappingEB15B55E',
  'SweepTransfersQueueMappingBDE71433',
];
const FUNCTIONS = [
  'ProcessMessages',
  'CreditRecipients',
  'PublishEvents',
  'RunChores',
  'SweepAccounts',
  'SweepTransfers',
  'PublishAgain',
];
const SHIFTS = ['off', 'at-once', 'canary', 'linear'] as const;
type Shift = (typeof SHIFTS)[number];

/** The template as it is deployed. */
function synthesized(trafficShift: string, settings: Readonly<Record<string, string>> = {}): Template {
  return withTestedStack(
    { trafficShift, syntheticPaymentMinutes: '5' },
    settings,
    (app, stack) => app.synth().getStackArtifact(stack.artifactId).template,
  );
}

const DEPLOYED = Object.fromEntries(SHIFTS.map((shift) => [shift, synthesized(shift)])) as Record<
  Shift,
  Template
>;

function idsOf(template: Template, type: string): string[] {
  return Object.entries(template.Resources ?? {})
    .filter(([, { Type }]) => Type === type)
    .map(([id]) => id)
    .toSorted();
}

const PLAIN = synthesize({ trafficShift: 'off' });
const LINEAR = synthesize({ trafficShift: 'linear' });
const shifted = synthesize({ trafficShift: 'linear', syntheticPaymentMinutes: '5', auditHours: '24' });

describe('Event source mappings', () => {
  it.each(SHIFTS)('are those of every deployed stack, with trafficShift=%s', (shift) => {
    expect(idsOf(DEPLOYED[shift], 'AWS::Lambda::EventSourceMapping')).toStrictEqual(MAPPING_IDS);
  });

  it('differ only in what they invoke, which CloudFormation changes in place', () => {
    const withoutFunction = (template: ReadableTemplate) =>
      Object.entries(propertiesOf(template, 'AWS::Lambda::EventSourceMapping')).map(
        ([id, { FunctionName, ...others }]) => [id, others],
      );
    expect(withoutFunction(LINEAR)).toStrictEqual(withoutFunction(PLAIN));
  });

  it('invoke the aliases of their functions', () => {
    const mappings = propertiesOf(shifted, 'AWS::Lambda::EventSourceMapping');
    for (const [id, { FunctionName }] of Object.entries(mappings)) {
      const name = FUNCTIONS.find((each) => id.startsWith(each));
      expect(FunctionName, id).toStrictEqual({
        'Fn::Join': ['', [{ 'Fn::Select': [6, { 'Fn::Split': [':', `${name}Live`] }] }, ':live']],
      });
    }
  });

  it('of peers invoke the alias, too', () => {
    const invoked = (trafficShift: string) =>
      propertiesOf(
        synthesizeNetwork([aPeer()], { trafficShift })['Main-peer-11111111'] as never,
        'AWS::Lambda::EventSourceMapping',
      ).IncomingMapping.FunctionName;
    const name = { 'Fn::ImportValue': 'Main-for-peers-ProcessMessagesName' };
    expect(invoked('off')).toStrictEqual(name);
    expect(invoked('linear')).toStrictEqual({ 'Fn::Join': ['', [name, ':live']] });
  });
});

describe('Schedules of sweeps', () => {
  const sweeps = ['SweepAccounts', 'SweepTransfers', 'PublishAgain'];

  it('start the aliases, and may', () => {
    const rules = propertiesOf(shifted, 'AWS::Events::Rule');
    const permissions = propertiesOf(shifted, 'AWS::Lambda::Permission');
    for (const name of sweeps) {
      expect(rules[`${name}Schedule`].Targets[0].Arn).toBe(`${name}Live`);
      expect(permissions[`${name}MayBeScheduled`].FunctionName).toBe(`${name}Live`);
    }
  });

  it('keep the failed starts of the aliases', () => {
    const configs = propertiesOf(shifted, 'AWS::Lambda::EventInvokeConfig');
    const qualifiers = sweeps.map((name) => configs[`${name}FailedStarts`].Qualifier);
    expect(qualifiers).toStrictEqual(['live', 'live', 'live']);
  });

  it('of observers start the functions themselves: there is no traffic to divide', () => {
    const rules = propertiesOf(shifted, 'AWS::Events::Rule');
    expect(
      [rules.SyntheticPaymentSchedule, rules.ScheduledAuditSchedule].map(({ Targets }) => Targets[0].Arn),
    ).toStrictEqual(['SyntheticPayment.Arn', 'ScheduledAudit.Arn']);
  });
});

describe('An upgrade', () => {
  /** By group, in the order of the template. */
  function alarmsOfGroups(template: ReadableTemplate): Record<string, string[]> {
    const groups = propertiesOf(template, 'AWS::CodeDeploy::DeploymentGroup');
    return Object.fromEntries(
      Object.entries(groups).map(([id, { AlarmConfiguration }]) => [
        id,
        AlarmConfiguration.Alarms.map(({ Name }: { Name: string }) => Name),
      ]),
    );
  }

  it('goes back on the alarms that a bad version raises', () => {
    expect(alarmsOfGroups(shifted)).toStrictEqual({
      ProcessMessagesUpgrade: [
        'ProcessMessagesErrorsAlarm',
        'DeadLettersAlarm',
        'IncomingDelayAlarm',
        'SyntheticPaymentAlarm',
      ],
      CreditRecipientsUpgrade: [
        'CreditRecipientsErrorsAlarm',
        'StreamFailuresAlarm',
        'CreditRecipientsDelayAlarm',
        'SyntheticPaymentAlarm',
      ],
      PublishEventsUpgrade: [
        'PublishEventsErrorsAlarm',
        'StreamFailuresAlarm',
        'PublishEventsDelayAlarm',
        'PublishingDeniedAlarm',
        'SyntheticPaymentAlarm',
      ],
      RunChoresUpgrade: ['RunChoresErrorsAlarm'],
      SweepAccountsUpgrade: ['SweepAccountsErrorsAlarm'],
      SweepTransfersUpgrade: ['SweepTransfersErrorsAlarm'],
      PublishAgainUpgrade: ['PublishAgainErrorsAlarm', 'NotPublishedAgainAlarm'],
    });
  });

  it('goes back on alarms of the stack, at most ten of which CodeDeploy takes, also without synthetic payments', () => {
    const alarms = Object.keys(propertiesOf(LINEAR, 'AWS::CloudWatch::Alarm'));
    for (const [group, names] of Object.entries(alarmsOfGroups(LINEAR))) {
      expect(
        names.filter((name) => !alarms.includes(name)),
        group,
      ).toStrictEqual([]);
      expect(names.length, group).toBeLessThanOrEqual(10);
      expect(names, group).toContain(group.replace('Upgrade', 'ErrorsAlarm'));
    }
  });

  it('watches functions by their names, under which Lambda counts all their versions', () => {
    const { ProcessMessagesErrorsAlarm, PublishEventsDelayAlarm } = propertiesOf(
      shifted,
      'AWS::CloudWatch::Alarm',
    );
    expect([ProcessMessagesErrorsAlarm.Dimensions, PublishEventsDelayAlarm.Dimensions]).toStrictEqual([
      [{ Name: 'FunctionName', Value: 'ProcessMessages' }],
      [{ Name: 'FunctionName', Value: 'PublishEvents' }],
    ]);
  });

  it.each([
    ['linear', 'CodeDeployDefault.LambdaLinear10PercentEvery2Minutes'],
    ['canary', 'CodeDeployDefault.LambdaCanary10Percent15Minutes'],
  ] as const)('with trafficShift=%s moves invocations as CodeDeploy’s %s', (trafficShift, config) => {
    const { Resources = {} } = DEPLOYED[trafficShift];
    const groups = idsOf({ Resources }, 'AWS::CodeDeploy::DeploymentGroup').map(
      (id) => Resources[id]?.Properties ?? {},
    );
    expect(groups).toHaveLength(FUNCTIONS.length);
    for (const { DeploymentConfigName, AutoRollbackConfiguration } of groups) {
      expect(DeploymentConfigName).toBe(config);
      expect(AutoRollbackConfiguration).toStrictEqual({
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      });
    }
  });

  it('moves each alias with its own group, which changes first', () => {
    const { Resources = {} } = DEPLOYED.linear;
    const aliases = idsOf({ Resources }, 'AWS::Lambda::Alias');
    expect(aliases).toHaveLength(FUNCTIONS.length);
    for (const id of aliases) {
      const { UpdatePolicy, DependsOn } = Resources[id] as unknown as {
        UpdatePolicy: { CodeDeployLambdaAliasUpdate: { DeploymentGroupName: { Ref: string } } };
        DependsOn: string[];
      };
      const group = UpdatePolicy.CodeDeployLambdaAliasUpdate.DeploymentGroupName.Ref;
      expect(group).toContain(`${id.replace(/Live[0-9A-F]{8}$/, '')}Upgrade`);
      expect(DependsOn).toContain(group);
    }
  });

  it('with trafficShift=at-once changes aliases without CodeDeploy, whatever alarms say', () => {
    const { Resources = {} } = DEPLOYED['at-once'];
    expect(idsOf({ Resources }, 'AWS::Lambda::Alias')).toHaveLength(FUNCTIONS.length);
    expect(idsOf({ Resources }, 'AWS::CodeDeploy::DeploymentGroup')).toStrictEqual([]);
    expect(Object.values(Resources).filter(({ UpdatePolicy }) => UpdatePolicy)).toStrictEqual([]);
  });

  it('publishes no version of a function that has not changed, and one of each that has', () => {
    const versions = (settings: Readonly<Record<string, string>>) =>
      idsOf(synthesized('linear', settings), 'AWS::Lambda::Version');
    const before = versions({ APP_SOME_SETTING: '1' });
    expect(before).toHaveLength(FUNCTIONS.length);
    expect(versions({ APP_SOME_SETTING: '1' })).toStrictEqual(before);
    const after = versions({ APP_SOME_SETTING: '2' });
    expect(after.filter((id) => before.includes(id))).toStrictEqual([]);
  });
});
