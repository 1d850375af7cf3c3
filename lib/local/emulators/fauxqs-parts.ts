/**
 * Puts together the parts of fauxqs. Its own entry, `startFauxqs`, can't be used: it listens on all interfaces, names
 * queues by a host that only some resolvers know, and writes every step of every message in a transaction of its own.
 * This file does what that entry does, with those three changed. It imports some parts by path, past the package's
 * `exports`, where any version may move them; so package.json pins the exact version.
 */

import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildAppOptions, buildApp } from 'fauxqs';
import { StrictSubscriptions } from './filter-policies.ts';
import { answerBatches, type PublishingParts } from './publish-batches.ts';

type Stores = NonNullable<BuildAppOptions['stores']>;
export type SqsStore = Stores['sqsStore'];
export type SnsStore = Stores['snsStore'];
export type SqsQueue = ReturnType<SqsStore['createQueue']>;
type SqsMessage = Parameters<SqsQueue['enqueue']>[0];
/** Hears of every message that is published or put into a queue; fauxqs offers it to tests. */
export type Spy = NonNullable<SnsStore['spy']>;
type PersistenceManager = NonNullable<SqsStore['persistence']>;
type WebServer = ReturnType<typeof buildApp>;

export interface FauxqsParts {
  readonly webServer: WebServer;
  readonly sqs: SqsStore;
  readonly sns: SnsStore;
  readonly createMessage: (body: string) => SqsMessage;
  /** Loads the database into the stores, with the base URL in the queues' URLs. */
  readonly load: (baseUrl: string) => void;
  readonly closeDatabase: () => void;
}

/** A code point that SQS refuses in a message's body. */
const NOT_TAKEN_BY_SQS = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Puts fauxqs together, with its database in the folder. It has no queues before `load`. The caller lets it listen. */
export async function createFauxqsParts(folder: string): Promise<FauxqsParts> {
  const {
    SqsStore,
    SnsStore,
    S3Store,
    PersistenceManager,
    INVALID_MESSAGE_BODY_CHAR,
    fanOutToSubscriptions,
    snsSuccessResponse,
  } = await importParts();
  // The pattern of fauxqs looks at UTF-16 units, so it refuses all characters beyond U+FFFF. SQS accepts them.
  INVALID_MESSAGE_BODY_CHAR.test = (body) => NOT_TAKEN_BY_SQS.test(body);
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  // Without a host of its own, the store names queues by the host of the client's request.
  stores.sqsStore.host = '';
  stores.snsStore.subscriptions = new StrictSubscriptions();
  const createQueue = stores.sqsStore.createQueue.bind(stores.sqsStore);
  stores.sqsStore.createQueue = (...definition) => lookSeldom(createQueue(...definition));
  const persistence = new PersistenceManager(folder);
  const database = (persistence as unknown as { readonly db: DatabaseSync }).db;
  // The write-ahead log survives the end of the process, however it ends. Flushing it at every commit would guard against a
  // power failure, but cost more than all other work on a message. The log is moved into the database seldom, because most
  // of its content is deleted again by then; meanwhile pages stay in memory (64 MB).
  database.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 20000; PRAGMA cache_size = -65536');
  const load = (baseUrl: string) => {
    database.prepare("UPDATE sqs_queues SET url = ? || '/000000000000/' || name").run(baseUrl);
    persistence.loadSqsAndSns(stores.sqsStore, stores.snsStore);
    commitOncePerRequest(persistence, database);
    stores.sqsStore.persistence = persistence;
    stores.snsStore.persistence = persistence;
    for (const queue of stores.sqsStore.allQueues()) {
      queue.persistence = persistence;
      lookSeldom(queue);
    }
  };
  const webServer = buildApp({ logger: false, stores });
  answerBatches(webServer, stores, { fanOutToSubscriptions, snsSuccessResponse });
  return {
    webServer,
    sqs: stores.sqsStore,
    sns: stores.snsStore,
    createMessage: (body) => SqsStore.createMessage(body),
    load,
    closeDatabase: () => persistence.close(),
  };
}

async function importParts(): Promise<
  PublishingParts & {
    readonly SqsStore: { new (): SqsStore; createMessage(body: string): SqsMessage };
    readonly SnsStore: new () => SnsStore;
    readonly S3Store: new () => Stores['s3Store'];
    readonly PersistenceManager: new (folder: string) => PersistenceManager;
    readonly INVALID_MESSAGE_BODY_CHAR: RegExp;
  }
> {
  const folder = dirname(fileURLToPath(import.meta.resolve('fauxqs')));
  const modules = await Promise.all(
    [
      'common/xml.js',
      'sqs/sqsStore.js',
      'sqs/sqsTypes.js',
      'sns/actions/publish.js',
      'sns/snsStore.js',
      's3/s3Store.js',
      'persistence.js',
    ].map((file) => import(pathToFileURL(join(folder, file)).href)),
  );
  return Object.assign({}, ...modules);
}

/** Twice as often as fauxqs looks while a receiver waits. */
const LOOK_EVERY_MS = 10;

/**
 * Before each receive, fauxqs looks through all messages that are delayed or taken, to find those that are due again. With
 * thousands of them that is most of a receive. As long as other messages are there, those may come some milliseconds late.
 */
function lookSeldom(queue: SqsQueue): SqsQueue {
  const look = queue.processTimers.bind(queue);
  let lookedAt = Number.NEGATIVE_INFINITY;
  queue.processTimers = () => {
    const now = performance.now();
    if (queue.messages.length === 0 || now - lookedAt >= LOOK_EVERY_MS) {
      lookedAt = now;
      look();
    }
  };
  return queue;
}

/** The methods by which the stores write, except those of S3. */
const WRITES = [
  'insertQueue',
  'deleteQueue',
  'updateQueueAttributes',
  'updateQueueSequenceCounter',
  'insertMessage',
  'deleteMessage',
  'updateMessageInflight',
  'updateMessageReady',
  'deleteQueueMessages',
  'insertTopic',
  'deleteTopic',
  'updateTopicAttributes',
  'updateTopicSubscriptionArns',
  'insertSubscription',
  'deleteSubscription',
  'updateSubscriptionAttributes',
] as const satisfies readonly (keyof PersistenceManager)[];

/**
 * Writes all steps of one request in one transaction. That is several times as fast. It also means that a process killed
 * between taking a message from a queue and putting it into the dead-letter queue does not lose it.
 *
 * A request's steps run without interruption. The first one queues the commit, which so comes right after the last step
 * and before anything that awaits the outcome, such as the response.
 */
function commitOncePerRequest(persistence: PersistenceManager, database: DatabaseSync): void {
  const [begin, commit] = [database.prepare('BEGIN'), database.prepare('COMMIT')];
  const steps = persistence as unknown as Record<string, (...values: unknown[]) => void>;
  // fauxqs omits the receive count here, its own table refuses that, and the message would be in no queue.
  const makeReady = database.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  steps.updateMessageReady = (messageId) => void makeReady.run(messageId as string);
  let isOpen = false;
  for (const name of WRITES) {
    const write = steps[name]?.bind(persistence);
    if (write === undefined) {
      throw new Error(`This version of fauxqs has no ${name}.`);
    }
    steps[name] = (...values) => {
      if (!isOpen) {
        begin.run();
        isOpen = true;
        queueMicrotask(() => {
          isOpen = false;
          commit.run();
        });
      }
      write(...values);
    };
  }
}
