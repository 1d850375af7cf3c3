/**
 * The part of Lambda's, EventBridge's and CloudWatch's APIs with which mappings and schedules are turned off and on, and
 * with which one sees that functions have nothing to do. On loopback; for the tools of operators.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { LOOPBACK } from '../emulators/ports.ts';
import type { MappingControl } from './event-source-mappings.ts';
import type { InvocationCounts } from './invocation-counts.ts';
import type { RunningSchedule } from './schedules.ts';

export interface ControlledParts {
  /** By what `Ref` gives. */
  readonly mappings: ReadonlyMap<string, MappingControl>;
  readonly schedules: readonly Pick<RunningSchedule, 'rule' | 'control'>[];
  readonly counts: Pick<InvocationCounts, 'sum'>;
}

export interface ControlEndpoint {
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export async function startControlEndpoint(parts: ControlledParts): Promise<ControlEndpoint> {
  const server = createServer((request, response) => void respond(request, response, parts));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://${LOOPBACK}:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  parts: ControlledParts,
): Promise<void> {
  const { status, body } = await answer(request, parts).catch((error: unknown) =>
    refuse(400, 'ValidationException', error instanceof Error ? error.message : String(error)),
  );
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

const MAPPING_PATH = /^\/2015-03-31\/event-source-mappings\/([^/]+)\/?$/;

async function answer(request: IncomingMessage, parts: ControlledParts): Promise<Answer> {
  const { method, url = '', headers } = request;
  const mappingId = MAPPING_PATH.exec(url)?.[1];
  if (mappingId !== undefined && (method === 'GET' || method === 'PUT')) {
    const input = method === 'PUT' ? UPDATE.parse(await json(request)) : {};
    return answerOnMapping(decodeURIComponent(mappingId), input, parts);
  }
  const target = String(headers['x-amz-target']);
  switch (target) {
    case 'AWSEvents.DescribeRule':
    case 'AWSEvents.EnableRule':
    case 'AWSEvents.DisableRule':
      return answerOnRule(target, RULE.parse(await json(request)), parts);
    case 'GraniteServiceVersion20100801.GetMetricData':
      return answerOnMetrics(METRICS.parse(await json(request)), parts);
    default:
      return refuse(
        400,
        'UnknownOperationException',
        `The local run does not know ${method} ${url} ${target}.`,
      );
  }
}

/** Strict, as are the others: what is not known would not be heeded. */
const UPDATE = z.strictObject({ Enabled: z.boolean().optional() });
const RULE = z.strictObject({ Name: z.string() });
const METRICS = z.strictObject({
  StartTime: z.number(),
  EndTime: z.number(),
  MetricDataQueries: z.array(
    z.strictObject({
      Id: z.string(),
      MetricStat: z.strictObject({
        Metric: z.strictObject({
          Namespace: z.literal('AWS/Lambda'),
          MetricName: z.enum(['Invocations', 'Errors', 'Throttles']),
          Dimensions: z.tuple([z.strictObject({ Name: z.literal('FunctionName'), Value: z.string() })]),
        }),
        Period: z.number(),
        Stat: z.literal('Sum'),
      }),
    }),
  ),
});

async function answerOnMapping(
  id: string,
  { Enabled }: z.infer<typeof UPDATE>,
  { mappings }: ControlledParts,
): Promise<Answer> {
  const mapping = mappings.get(id);
  if (mapping === undefined) {
    return refuse(404, 'ResourceNotFoundException', `There is no event source mapping ${id}.`);
  }
  if (Enabled !== undefined) {
    await mapping.turn(Enabled);
  }
  const { eventSourceArn, functionArn, isOn, changedAt } = mapping;
  const body = {
    UUID: id,
    EventSourceArn: eventSourceArn,
    FunctionArn: functionArn,
    State: isOn() ? 'Enabled' : 'Disabled',
    LastModified: changedAt() / 1000,
  };
  return { status: Enabled === undefined ? 200 : 202, body };
}

async function answerOnRule(
  target: string,
  { Name }: z.infer<typeof RULE>,
  { schedules }: ControlledParts,
): Promise<Answer> {
  const control = schedules.find(({ rule }) => rule === Name)?.control;
  if (control === undefined) {
    return refuse(400, 'ResourceNotFoundException', `Rule ${Name} does not exist on EventBus default.`);
  }
  if (target === 'AWSEvents.DescribeRule') {
    return { status: 200, body: { Name, State: control.isOn() ? 'ENABLED' : 'DISABLED' } };
  }
  await control.turn(target === 'AWSEvents.EnableRule');
  return { status: 200, body: {} };
}

/** Nothing is throttled here. Sums are not late, and of all of the range at once. */
function answerOnMetrics(
  { StartTime, EndTime, MetricDataQueries }: z.infer<typeof METRICS>,
  { counts }: ControlledParts,
): Answer {
  const range = { from: StartTime * 1000, to: EndTime * 1000 };
  const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat: { Metric } }) => {
    const { MetricName, Dimensions } = Metric;
    const sum = MetricName === 'Throttles' ? 0 : counts.sum(Dimensions[0].Value, MetricName, range);
    return { Id, Label: MetricName, Timestamps: [StartTime], Values: [sum], StatusCode: 'Complete' };
  });
  return { status: 200, body: { MetricDataResults } };
}

function refuse(status: number, type: string, message: string): Answer {
  return { status, body: { __type: type, Type: 'User', message, Message: message } };
}
