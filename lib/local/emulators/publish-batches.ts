/**
 * Answers SNS's PublishBatch instead of fauxqs, which looks through all parameters of a request once for each entry. Only plain
 * requests are answered here: fauxqs still gets all others, and refuses those that SNS would refuse.
 */

import { randomUUID } from 'node:crypto';
import type { BuildAppOptions, buildApp } from 'fauxqs';

type Stores = NonNullable<BuildAppOptions['stores']>;

export interface BatchEntry {
  readonly id: string;
  readonly message: string;
  readonly messageAttributes: Record<string, StringAttribute>;
}

interface StringAttribute {
  readonly DataType: string;
  readonly StringValue: string;
}

/** What publishing takes of fauxqs. */
export interface PublishingParts {
  readonly fanOutToSubscriptions: (publication: Publication) => void;
  readonly snsSuccessResponse: (action: string, result: string) => string;
}

interface Publication extends Omit<BatchEntry, 'id'>, Pick<Stores, 'snsStore' | 'sqsStore'> {
  readonly messageId: string;
  readonly topicArn: string;
  readonly topic: unknown;
}

const MAX_ENTRIES = 10;
/** Of an entry. Far below SNS's limit in bytes, so that nothing here needs to count exactly. */
const MAX_CHARACTERS = 50_000;
const ID = /^[\w-]{1,80}$/;
const ENTRY = /^PublishBatchRequestEntries\.member\.(\d+)\.(.*)$/;
const ATTRIBUTE = /^MessageAttributes\.entry\.(\d+)\.(Name|Value\.DataType|Value\.StringValue)$/;

/** What is used of a request and its answer; spelled out, since not every program that reads this has Node's types. */
interface Request {
  readonly body?: unknown;
}
interface Reply {
  readonly header: (name: string, value: string) => Reply;
  readonly send: (body: string) => unknown;
}

export function answerBatches(
  webServer: ReturnType<typeof buildApp>,
  stores: Pick<Stores, 'snsStore' | 'sqsStore'>,
  { fanOutToSubscriptions, snsSuccessResponse }: PublishingParts,
): void {
  const { snsStore, sqsStore } = stores;
  webServer.addHook('preHandler', async ({ body }: Request, reply: Reply) => {
    const parameters = (body ?? {}) as Readonly<Record<string, string>>;
    const { Action, TopicArn: topicArn = '' } = parameters;
    const topic = Action === 'PublishBatch' ? snsStore.getTopic(topicArn) : undefined;
    const entries =
      topic === undefined || topic.attributes.FifoTopic === 'true' ? undefined : parseBatch(parameters);
    if (topic === undefined || entries === undefined) {
      return undefined;
    }
    const members = entries.map(({ id, message, messageAttributes }) => {
      const messageId = randomUUID();
      snsStore.spy?.addMessage({
        ...{ service: 'sns', status: 'published', timestamp: Date.now() },
        ...{ topicArn, topicName: topic.name, messageId, body: message, messageAttributes },
      });
      fanOutToSubscriptions({ topicArn, topic, messageId, message, messageAttributes, snsStore, sqsStore });
      return `<member><Id>${id}</Id><MessageId>${messageId}</MessageId></member>`;
    });
    const result = `<Successful>${members.join('')}</Successful><Failed></Failed>`;
    return reply.header('content-type', 'text/xml').send(snsSuccessResponse('PublishBatch', result));
  });
}

/** @returns undefined when the request has anything but entries with string attributes, or anything wrong */
export function parseBatch(parameters: Readonly<Record<string, string>>): BatchEntry[] | undefined {
  const parts = new Map<string, EntryParts>();
  for (const [name, value] of Object.entries(parameters)) {
    const [, number = '', field = ''] = ENTRY.exec(name) ?? [];
    if (field === '') {
      continue;
    }
    const entry = parts.get(number) ?? { id: '', message: '', attributes: new Map(), size: 0 };
    parts.set(number, entry);
    if (!take(entry, field, value)) {
      return undefined;
    }
  }
  const entries = [...parts.values()].map(entryOf).filter((entry) => entry !== undefined);
  const isPlain = entries.length === parts.size && entries.length > 0 && entries.length <= MAX_ENTRIES;
  return isPlain && new Set(entries.map(({ id }) => id)).size === entries.length ? entries : undefined;
}

interface EntryParts {
  id: string;
  message: string;
  /** The parameters of each attribute, by its number. */
  readonly attributes: Map<string, Record<string, string>>;
  size: number;
}

/** @returns false for a parameter that is not known here */
function take(entry: EntryParts, field: string, value: string): boolean {
  entry.size += value.length;
  if (field === 'Id') {
    entry.id = value;
    return true;
  }
  if (field === 'Message') {
    entry.message = value;
    return true;
  }
  const [, number = '', part = ''] = ATTRIBUTE.exec(field) ?? [];
  const attribute = entry.attributes.get(number) ?? {};
  entry.attributes.set(number, attribute);
  attribute[part] = value;
  return part !== '';
}

function entryOf({ id, message, attributes, size }: EntryParts): BatchEntry | undefined {
  const messageAttributes: Record<string, StringAttribute> = {};
  for (const attribute of attributes.values()) {
    const { Name = '', 'Value.DataType': DataType = '', 'Value.StringValue': StringValue = '' } = attribute;
    if (Name === '' || DataType === '' || StringValue === '') {
      return undefined;
    }
    messageAttributes[Name] = { DataType, StringValue };
  }
  const isPlain = ID.test(id) && message !== '' && size <= MAX_CHARACTERS;
  return isPlain ? { id, message, messageAttributes } : undefined;
}
