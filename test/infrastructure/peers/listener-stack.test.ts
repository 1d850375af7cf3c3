import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../lib/infrastructure/app.ts';
import { parseStackOptions } from '../../../lib/infrastructure/options.ts';
import { createImageFolder } from '../../../lib/infrastructure/peers/listener-image.ts';
import { ListenerStack } from '../../../lib/infrastructure/peers/listener-stack.ts';
import { propertiesOf, type ReadableTemplate, readable, withoutHashes } from '../template.ts';

const folder = mkdtempSync(join(tmpdir(), 'listener-stack-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const imageFolder = createImageFolder(resolve(import.meta.dirname, '../../../bin'), folder);

const app = createApp({ outdir: join(folder, 'out') });
new ListenerStack(app, 'Main-stomp-listener', {
  options: parseStackOptions({ stackName: 'Main', stompPort: '61614' }),
  imageFolder,
});
const { Resources, Outputs } = app.synth().getStackArtifact('Main-stomp-listener').template;
const template = readable({ Resources: withoutHashes(Resources), Outputs }) as ReadableTemplate;
const only = (type: string) => Object.values(propertiesOf(template, type))[0];

describe('The stack of the listener', () => {
  it('runs two tasks in two zones, and passes connections through to them', () => {
    expect(only('AWS::ECS::Service')).toMatchObject({
      DesiredCount: 2,
      LaunchType: 'FARGATE',
      DeploymentConfiguration: { MinimumHealthyPercent: 100, MaximumPercent: 200 },
    });
    expect(Object.keys(propertiesOf(template, 'AWS::EC2::Subnet'))).toHaveLength(2);
    expect(only('AWS::ElasticLoadBalancingV2::LoadBalancer')).toMatchObject({
      Type: 'network',
      Scheme: 'internet-facing',
    });
    expect(only('AWS::ElasticLoadBalancingV2::LoadBalancer').SecurityGroups).toBeUndefined();
    expect(only('AWS::ElasticLoadBalancingV2::Listener')).toMatchObject({ Port: 61_614, Protocol: 'TCP' });
    expect(only('AWS::ElasticLoadBalancingV2::TargetGroup')).toMatchObject({
      Port: 61_614,
      Protocol: 'TCP',
      HealthCheckProtocol: 'HTTP',
      HealthCheckPort: '8080',
    });
  });

  it('lets peers in from everywhere, and only the balancer ask for health', () => {
    expect(only('AWS::EC2::SecurityGroup').SecurityGroupIngress).toStrictEqual([
      { CidrIp: '0.0.0.0/0', Description: 'Peers', FromPort: 61_614, IpProtocol: 'tcp', ToPort: 61_614 },
      {
        CidrIp: 'Network.CidrBlock',
        Description: 'Health checks',
        FromPort: 8_080,
        IpProtocol: 'tcp',
        ToPort: 8_080,
      },
    ]);
  });

  it('gives the task the certificate from a secret, and time to end', () => {
    const { ContainerDefinitions, RuntimePlatform, Cpu, Memory } = only('AWS::ECS::TaskDefinition');
    expect([RuntimePlatform.CpuArchitecture, Cpu, Memory]).toStrictEqual(['ARM64', '256', '512']);
    const [{ Secrets, StopTimeout, Environment }] = ContainerDefinitions;
    expect(StopTimeout).toBe(120);
    expect(Secrets.map(({ Name }: { Name: string }) => Name)).toStrictEqual(['STOMP_IDENTITY']);
    expect(JSON.stringify(Secrets)).toContain('secret:Main/stomp-identity');
    const names = Environment.map(({ Name }: { Name: string }) => Name);
    expect(names.toSorted()).toStrictEqual([
      'HEALTH_PORT',
      'METRICS_NAMESPACE',
      'NODE_BUCKET',
      'PORT',
      'QUEUE_URL_BASE',
      'STACK_NAME',
    ]);
  });

  it('may send to the queues that peers fill, read the folder of the node, and nothing else', () => {
    const { PolicyDocument } = propertiesOf(template, 'AWS::IAM::Policy').TaskTaskRoleDefaultPolicy;
    const granted = PolicyDocument.Statement.map(
      ({ Action, Resource }: { Action: string; Resource: unknown }) => [Action, JSON.stringify(Resource)],
    );
    expect(granted).toStrictEqual([
      ['sqs:SendMessage', expect.stringContaining(':Main-peer-*-in')],
      ['s3:ListBucket', '"NodeBucket.Arn"'],
      ['s3:GetObject', expect.stringContaining('NodeBucket.Arn')],
    ]);
  });

  it('keeps the folder of the node to itself', () => {
    expect(only('AWS::S3::Bucket').PublicAccessBlockConfiguration).toStrictEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
  });

  it('has alarms', () => {
    expect(Object.keys(propertiesOf(template, 'AWS::CloudWatch::Alarm')).toSorted()).toStrictEqual([
      'NetworkUnreadableAlarm',
      'NoListenerAlarm',
      'UnhealthyListenerAlarm',
    ]);
  });

  it('is built from the bundle alone', () => {
    expect(readFileSync(join(imageFolder, 'Dockerfile'), 'utf8')).toContain('COPY index.mjs');
  });
});
