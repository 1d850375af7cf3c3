/**
 * The AsyncAPI 3.0 document: which messages the authority receives from its SQS queue and sends to its SNS topics, with the
 * attributes that subscribers filter by. It is complete in itself, since many tools read one file.
 */

import { printMessage } from '../protocol/codec.ts';
import type { OutgoingMessage } from '../protocol/messages.ts';
import { routeOf, type Topic } from '../protocol/routing.ts';
import { MESSAGE_DESCRIPTIONS, type MessageType } from './descriptions.ts';
import { EXAMPLES } from './examples.ts';
import { type DocumentValue, type JsonSchema, literally } from './json-schema.ts';
import { INCOMING_TYPES, MESSAGE_TYPES, messageSchema, OUTGOING_TYPES } from './message-schema.ts';

type OutgoingType = OutgoingMessage['type'];

/** The versions of the bindings' forms that AsyncAPI 3.0 knows. */
const SQS_BINDING = '0.2.0';
const SNS_BINDING = '0.1.0';

interface TopicChannel {
  readonly topic: Topic;
  readonly channel: string;
  /** The output of the stack that holds the topic's ARN. */
  readonly output: string;
  readonly description: string;
  readonly types: readonly OutgoingType[];
  /** For example; the binding's form has no place for a prefix of `routing_key`. */
  readonly filterPolicy: JsonSchema;
}

const COORDINATOR_TYPES = OUTGOING_TYPES.filter(
  (type) => routeOf(EXAMPLES[type]).topic === 'to_coordinators',
);
const ACCOUNT_TYPES = OUTGOING_TYPES.filter((type) => !COORDINATOR_TYPES.includes(type));

const TOPICS: readonly TopicChannel[] = [
  {
    topic: 'to_creditors',
    channel: 'toCreditors',
    output: 'ToCreditorsTopicArn',
    description: 'Messages about the accounts of creditors.',
    types: ACCOUNT_TYPES,
    filterPolicy: { creditor_id: ['1099511627777'] },
  },
  {
    topic: 'to_debtors',
    channel: 'toDebtors',
    output: 'ToDebtorsTopicArn',
    description: 'Messages about root accounts.',
    types: ACCOUNT_TYPES,
    filterPolicy: { debtor_id: ['7'] },
  },
  {
    topic: 'to_coordinators',
    channel: 'toCoordinators',
    output: 'ToCoordinatorsTopicArn',
    description: 'Answers to coordinators.',
    types: COORDINATOR_TYPES,
    filterPolicy: { coordinator_type: ['direct'], coordinator_id: ['1099511627777'] },
  },
];

const INT64_ATTRIBUTE: JsonSchema = { pattern: '^-?[0-9]{1,19}$' };
const ATTRIBUTE_LIMITS: Readonly<Record<string, JsonSchema>> = {
  debtor_id: INT64_ATTRIBUTE,
  creditor_id: INT64_ATTRIBUTE,
  coordinator_id: INT64_ATTRIBUTE,
  routing_key: {
    description:
      'The int64 by which the message is routed, as hexadecimal bytes. A filter by prefix selects a subnet.',
    pattern: '^(?:[0-9a-f]{2}[.]){7}[0-9a-f]{2}$',
  },
};

export function asyncApiDocument(): DocumentValue {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Swaptacular accounting authority',
      version: '2.1.0',
      description:
        'The Swaptacular Messaging Protocol 2.1 on SQS and SNS. The rules are in docs/protocol.md. Integers have 64 bits: ' +
        'parse and print JSON without turning them into doubles.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: { incoming: incomingChannel(), ...Object.fromEntries(TOPICS.map(topicChannel)) },
    operations: {
      receiveMessages: operation('receive', 'incoming', INCOMING_TYPES),
      ...Object.fromEntries(TOPICS.map(sendOperation)),
    },
    components: {
      messages: Object.fromEntries(MESSAGE_TYPES.map((type) => [type, message(type)])),
      schemas: Object.fromEntries(MESSAGE_TYPES.map((type) => [type, messageSchema(type)])),
    },
  };
}

function incomingChannel(): DocumentValue {
  return {
    address: null,
    title: 'Incoming queue',
    description:
      'Clients send one message as the body of one SQS message. The stack’s output IncomingQueueUrl is its URL.',
    messages: channelMessages(INCOMING_TYPES),
    bindings: { sqs: { queue: { name: 'incoming', fifoQueue: false }, bindingVersion: SQS_BINDING } },
  };
}

function topicChannel({ topic, channel, output, description, types }: TopicChannel): [string, DocumentValue] {
  const value: DocumentValue = {
    address: null,
    title: `Topic ${topic}`,
    description: `${description} The stack’s output ${output} is the topic’s ARN.`,
    messages: channelMessages(types),
    bindings: { sns: { name: topic, ordering: { type: 'standard' }, bindingVersion: SNS_BINDING } },
  };
  return [channel, value];
}

function sendOperation({ topic, channel, types, filterPolicy }: TopicChannel): [string, DocumentValue] {
  const consumer = {
    protocol: 'sqs',
    endpoint: { name: 'your-queue' },
    filterPolicy,
    filterPolicyScope: 'MessageAttributes',
    rawMessageDelivery: true,
  };
  const bindings = {
    sns: { topic: { name: topic }, consumers: [consumer], bindingVersion: SNS_BINDING },
  };
  const name = `send${channel.slice(0, 1).toUpperCase()}${channel.slice(1)}`;
  return [name, { ...operation('send', channel, types), bindings }];
}

/** An operation of the authority: it receives what clients send. */
function operation(action: 'send' | 'receive', channel: string, types: readonly MessageType[]): JsonSchema {
  return {
    action,
    channel: { $ref: `#/channels/${channel}` },
    messages: types.map((type) => ({ $ref: `#/channels/${channel}/messages/${type}` })),
  };
}

function channelMessages(types: readonly MessageType[]): DocumentValue {
  return Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }]));
}

function message(type: MessageType): DocumentValue {
  const example = EXAMPLES[type];
  const isRequestOrAnswer = 'coordinatorRequestId' in example;
  return {
    name: type,
    title: type,
    summary: MESSAGE_DESCRIPTIONS[type],
    contentType: 'application/json',
    ...(isRequestOrAnswer && { correlationId: { location: '$message.payload#/coordinator_request_id' } }),
    ...(isOutgoing(example) && { headers: attributesSchema(example) }),
    payload: { $ref: `#/components/schemas/${type}` },
    examples: [
      {
        ...(isOutgoing(example) && { headers: routeOf(example).attributes }),
        payload: literally(printMessage(example)),
      },
    ],
  };
}

/** The SNS message attributes. All of them are of the type String. SMP 2.1, JSON form, wire. */
function attributesSchema(example: OutgoingMessage): DocumentValue {
  const { attributes } = routeOf(example);
  const properties = Object.keys(attributes).map((name) => [
    name,
    { type: 'string', ...ATTRIBUTE_LIMITS[name] },
  ]);
  return {
    type: 'object',
    properties: { ...Object.fromEntries(properties), type: { type: 'string', const: example.type } },
    required: Object.keys(attributes),
  };
}

function isOutgoing(example: (typeof EXAMPLES)[MessageType]): example is OutgoingMessage {
  return (OUTGOING_TYPES as readonly string[]).includes(example.type);
}
