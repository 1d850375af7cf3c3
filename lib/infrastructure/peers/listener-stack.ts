/**
 * The optional stack of the listener for peers: two small tasks behind a load balancer that passes connections through, since
 * only the listener itself can check the network's certificates. It keeps nothing, so tasks come and go.
 */

import { type IVpc, Peer as Neighbour, Port, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  AwsLogDriver,
  Cluster,
  ContainerImage,
  Secret as ContainerSecret,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  type ICluster,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import {
  NetworkLoadBalancer,
  type NetworkTargetGroup,
  Protocol,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { peerQueuePrefix } from '../../peers/queue-names.ts';
import { METRICS_NAMESPACE } from '../functions.ts';
import type { StackOptions } from '../options.ts';
import { allow } from '../permissions.ts';
import { createListenerAlarms } from './listener-alarms.ts';
import { stompIdentitySecretName } from './stomp-identity.ts';

export interface ListenerStackProps extends StackProps {
  readonly options: StackOptions;
  /** The folder with the listener's bundle and the Dockerfile of its image. */
  readonly imageFolder: string;
}

/** One task is enough for any load of peers that these functions take; the second one is for when a zone fails. */
const TASKS = 2;
const TASK_SIZE = { cpu: 256, memoryLimitMiB: 512 };
const HEALTH_PORT = 8080;

export function listenerStackName(stackName: string): string {
  return `${stackName}-stomp-listener`;
}

export class ListenerStack extends Stack {
  constructor(scope: Construct, id: string, { options, imageFolder, ...props }: ListenerStackProps) {
    super(scope, id, {
      description: 'The listener for the peers of a Swaptacular accounting authority: STOMP over TLS',
      terminationProtection: !options.isDisposable,
      ...props,
    });
    const bucket = createNodeBucket(this, options);
    // CDK's own interfaces don't fit its classes where optional properties are exact.
    const vpc = new Vpc(this, 'Network', {
      maxAzs: 2,
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC }],
    }) as IVpc;
    const task = this.#createTask(options, imageFolder, bucket);
    const service = new FargateService(this, 'Service', {
      cluster: new Cluster(this, 'Cluster', { vpc }) as ICluster,
      taskDefinition: task,
      desiredCount: TASKS,
      assignPublicIp: true,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { rollback: true },
    });
    // Peers are known by their certificates, not by where they come from.
    service.connections.allowFrom(Neighbour.anyIpv4(), Port.tcp(options.stompPort), 'Peers');
    service.connections.allowFrom(Neighbour.ipv4(vpc.vpcCidrBlock), Port.tcp(HEALTH_PORT), 'Health checks');
    const balancer = new NetworkLoadBalancer(this, 'Balancer', {
      vpc,
      internetFacing: true,
      crossZoneEnabled: true,
      // It would close the balancer to all; the tasks have one of their own.
      disableSecurityGroups: true,
    });
    const targets = balancer
      .addListener('Stomp', { port: options.stompPort, protocol: Protocol.TCP })
      .addTargets('Tasks', {
        port: options.stompPort,
        protocol: Protocol.TCP,
        targets: [service],
        preserveClientIp: true,
        deregistrationDelay: Duration.seconds(30),
        healthCheck: { protocol: Protocol.HTTP, port: `${HEALTH_PORT}`, interval: Duration.seconds(10) },
      }) as NetworkTargetGroup;
    createListenerAlarms(this, { targets, options });
    new CfnOutput(this, 'Address', { value: `${balancer.loadBalancerDnsName}:${options.stompPort}` });
    new CfnOutput(this, 'NodeBucketName', { value: bucket.bucketName });
  }

  #createTask(options: StackOptions, imageFolder: string, bucket: Bucket): FargateTaskDefinition {
    const task = new FargateTaskDefinition(this, 'Task', {
      ...TASK_SIZE,
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: options.isDisposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    const secretName = stompIdentitySecretName(options.stackName);
    task.addContainer('Listener', {
      image: ContainerImage.fromAsset(imageFolder, { platform: Platform.LINUX_ARM64 }),
      environment: {
        STACK_NAME: options.stackName,
        QUEUE_URL_BASE: `https://sqs.${this.region}.${this.urlSuffix}/${this.account}/`,
        NODE_BUCKET: bucket.bucketName,
        PORT: `${options.stompPort}`,
        HEALTH_PORT: `${HEALTH_PORT}`,
        METRICS_NAMESPACE,
      },
      secrets: {
        STOMP_IDENTITY: ContainerSecret.fromSecretsManager(
          Secret.fromSecretNameV2(this, 'Identity', secretName),
        ),
      },
      portMappings: [{ containerPort: options.stompPort }, { containerPort: HEALTH_PORT }],
      logging: new AwsLogDriver({ logGroup, streamPrefix: 'listener' }),
      // Fargate's longest; connections end much earlier.
      stopTimeout: Duration.seconds(120),
      readonlyRootFilesystem: false,
    });
    const incoming = this.formatArn({
      service: 'sqs',
      resource: `${peerQueuePrefix(options.stackName)}*-in`,
    });
    task.addToTaskRolePolicy(allow([incoming], ['sqs:SendMessage']));
    task.addToTaskRolePolicy(allow([bucket.bucketArn], ['s3:ListBucket']));
    task.addToTaskRolePolicy(allow([bucket.arnForObjects('*')], ['s3:GetObject']));
    return task;
  }
}

/** The operator copies the node's folder here, without its keys. */
function createNodeBucket(scope: Construct, { isDisposable }: StackOptions): Bucket {
  return new Bucket(scope, 'NodeBucket', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    versioned: true,
    removalPolicy: isDisposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });
}
