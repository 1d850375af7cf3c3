/** What all functions share: runtime, memory, log, role. Permissions and event sources are in accounting-stack.ts. */

import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { createLiveAlias } from './live-alias.ts';
import type { LogLevel, StackOptions } from './options.ts';
import { allow } from './permissions.ts';

/**
 * The functions and their timeouts in seconds. A batch takes well under a second; the timeouts bound a call that hangs.
 * Those of queue consumers are short, because a failed message comes again after six times as long.
 */
export const FUNCTION_TIMEOUTS = {
  // The largest batches, for hundreds or thousands of accounts, take seconds when the tables are slow.
  'process-messages': 40,
  'credit-recipients': 30,
  'publish-events': 30,
  'run-chores': 40,
  // Sweeps handle one page after another until their time is up, and then send the rest to their queue.
  'sweep-accounts': 60,
  'sweep-transfers': 60,
  'publish-again': 60,
  // Waits while the peer can't be reached, so that messages in flight stay few.
  'send-to-peer': 90,
  // Waits for answers; it must end before the next one starts.
  'synthetic-payment': 110,
  // Lambda's longest.
  'scheduled-audit': 900,
} as const;

/** Each function has the name of its file in functions/. */
export type FunctionName = keyof typeof FUNCTION_TIMEOUTS;

/** The functions of every stack; the others are options. */
export type LedgerFunctionName = Exclude<
  FunctionName,
  'synthetic-payment' | 'scheduled-audit' | 'send-to-peer'
>;

export const FUNCTION_NAMES = Object.keys(FUNCTION_TIMEOUTS) as readonly FunctionName[];

/** Under which functions report metrics, with their names and the stack's as dimensions. */
export const METRICS_NAMESPACE = 'SwaptacularAccounts';

export interface OwnMetric {
  readonly name: string;
  readonly service: FunctionName;
  readonly stackName: string;
  readonly period: Duration;
  /** Sum, unless it is another one. */
  readonly statistic?: string;
  readonly label?: string;
}

/** A metric that a function reports itself. */
export function ownMetric({ name, service, stackName, statistic = 'Sum', ...others }: OwnMetric): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: name,
    dimensionsMap: { service, stack: stackName },
    statistic,
    ...others,
  });
}

/** Gives more than half a vCPU, for loading, JSON and signatures; the heap needs a tenth of this. */
export const MEMORY_MEGABYTES = 1024;

export interface FunctionProps {
  /** The folder of the bundle, with `index.mjs` exporting `handler`. */
  readonly codeFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly permissions: readonly PolicyStatement[];
  readonly stackName: string;
  readonly logLevel: LogLevel;
  readonly isDisposable: boolean;
  /** Whether mappings and schedules invoke an alias of it, so that upgrades can be gradual. */
  readonly hasLiveAlias?: boolean;
  /** Whether its invocations cause further ones of it, within a bound of its own. Lambda stops any other such chain. */
  readonly continuesItself?: boolean;
  /** Taken from what the account's other functions have; undefined for none. */
  readonly reservedConcurrency?: number | undefined;
  /** Instead of what others have. */
  readonly memoryMegabytes?: number;
  /** Of its own files; Lambda's default is 512. */
  readonly storageMegabytes?: number;
}

/** What a part of the stack needs that options turn on and off, and that has a function of its own. */
export interface OptionalPart {
  /** The folder of the function's bundle. */
  readonly codeFolder: string;
  readonly options: StackOptions;
  /** Variables that all functions have. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Creates a function that may write its own log, send traces, and do what `permissions` lists. */
export function createFunction(scope: Construct, name: FunctionName, props: FunctionProps): LambdaFunction {
  const id = pascalCase(name);
  const logGroup = new LogGroup(scope, `${id}Logs`, {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: props.isDisposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });
  // A role of our own, since CDK's may write to every log of the account.
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPolicy(allow([logGroup.logGroupArn], ['logs:CreateLogStream', 'logs:PutLogEvents']));
  for (const statement of props.permissions) {
    role.addToPolicy(statement);
  }
  const created = new LambdaFunction(scope, id, {
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: props.memoryMegabytes ?? MEMORY_MEGABYTES,
    ...(props.storageMegabytes !== undefined && {
      ephemeralStorageSize: Size.mebibytes(props.storageMegabytes),
    }),
    timeout: Duration.seconds(FUNCTION_TIMEOUTS[name]),
    code: Code.fromAsset(props.codeFolder),
    handler: 'index.handler',
    role,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    // Metrics are lines of the log that have no level. Lambda takes them for INFO, and would drop them at a higher level, so
    // the functions themselves heed the levels above.
    applicationLogLevelV2: props.logLevel === 'DEBUG' ? ApplicationLogLevel.DEBUG : ApplicationLogLevel.INFO,
    tracing: Tracing.ACTIVE,
    ...(props.reservedConcurrency === undefined
      ? {}
      : { reservedConcurrentExecutions: props.reservedConcurrency }),
    recursiveLoop: props.continuesItself ? RecursiveLoop.ALLOW : RecursiveLoop.TERMINATE,
    environment: {
      POWERTOOLS_SERVICE_NAME: name,
      POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      POWERTOOLS_LOG_LEVEL: props.logLevel,
      STACK_NAME: props.stackName,
      ...props.environment,
    },
  });
  if (props.hasLiveAlias) {
    createLiveAlias(created);
  }
  return created;
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
}
