/**
 * Publishes again what the items of the tables say was published: for one account, or for a range of time. The messages are
 * the projection of the items with nothing before them, so they are the ones that clients have seen or should have.
 */

import { printMessage } from '../../protocol/codec.ts';
import type { OutgoingMessage } from '../../protocol/messages.ts';
import { routeOf, type Topic } from '../../protocol/routing.ts';
import { EPOCH, type Timestamp } from '../../protocol/timestamps.ts';
import type { Account, AccountKey } from '../../rules/account.ts';
import { projectAccount, projectRecord } from '../../rules/projection.ts';
import type { Settings } from '../../rules/settings.ts';
import type { TransferRecord } from '../../rules/transfer.ts';
import { groupBy, mapConcurrently } from '../../shell/concurrency.ts';
import type { EventTopics, TopicEntry } from '../../shell/event-topics.ts';
import type { Surroundings } from '../../shell/surroundings.ts';
import type { ReadItem, TableReader } from '../../storage/table-reader.ts';
import type { Segment } from '../../storage/table-scan.ts';
import type { Progress } from '../progress.ts';

/** Which messages: those about one account, those of a range of time, or those which are both. */
export interface Selection {
  readonly account: AccountKey | undefined;
  /** By the messages' own `ts`; the beginning belongs to the range, the end does not. */
  readonly from: Timestamp | undefined;
  readonly to: Timestamp | undefined;
  /** Whether transfers that others sent to the account are looked for, which takes reading the whole table. */
  readonly withIncoming: boolean;
}

export interface RepublishTools {
  readonly reader: TableReader;
  /** `undefined` for a dry run. */
  readonly topics: EventTopics | undefined;
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  readonly progress: Progress;
  readonly segmentCount: number;
  /** Called for each selected message, before it is published. */
  readonly onMessage: (message: OutgoingMessage) => void;
}

export interface RepublishResult {
  /** How many messages of each type were selected. */
  readonly counts: ReadonlyMap<string, number>;
  /** Messages that could not be published, after all attempts. */
  readonly failedCount: number;
  /** Why items can't be read; their messages are missing. */
  readonly unreadable: readonly string[];
}

const MAX_ATTEMPTS = 6;
const BASE_PAUSE_MS = 200;

export async function republish(selection: Selection, tools: RepublishTools): Promise<RepublishResult> {
  const work = new Republishing(selection, tools);
  const { account } = selection;
  if (account === undefined) {
    await work.readAll('accounts', (segment) => tools.reader.scanAccounts(segment), work.messagesOfAccount);
  } else {
    const item = await tools.reader.readAccount(account);
    await work.take(item === undefined ? [] : [item], work.messagesOfAccount);
  }
  if (account === undefined || selection.withIncoming) {
    await work.readAll('transfers', (segment) => tools.reader.scanRecords(segment), projectNewRecord);
  } else {
    for await (const page of tools.reader.queryRecords(account)) {
      await work.take(page, projectNewRecord);
    }
  }
  return work.result;
}

function projectNewRecord(record: TransferRecord): readonly OutgoingMessage[] {
  return projectRecord(undefined, record);
}

class Republishing {
  readonly #selection: Selection;
  readonly #tools: RepublishTools;
  readonly #counts = new Map<string, number>();
  readonly #unreadable: string[] = [];
  #failedCount = 0;

  constructor(selection: Selection, tools: RepublishTools) {
    this.#selection = selection;
    this.#tools = tools;
  }

  get result(): RepublishResult {
    return { counts: this.#counts, failedCount: this.#failedCount, unreadable: this.#unreadable };
  }

  readonly messagesOfAccount = (account: Account): readonly OutgoingMessage[] =>
    // An account that was never announced has no message to repeat; the first one is still to come.
    account.announcedAt === EPOCH
      ? []
      : projectAccount({ before: undefined, after: account }, EPOCH, this.#tools.settings);

  async readAll<T>(
    table: 'accounts' | 'transfers',
    scan: (segment: Segment) => AsyncIterable<readonly ReadItem<T>[]>,
    project: (value: T) => readonly OutgoingMessage[],
  ): Promise<void> {
    const { reader, progress, segmentCount: totalSegments } = this.#tools;
    progress.start(table, await reader.countItems(table));
    const segments = Array.from({ length: totalSegments }, (_, segment) => ({ segment, totalSegments }));
    await mapConcurrently(segments, totalSegments, async (segment) => {
      for await (const page of scan(segment)) {
        await this.take(page, project);
        progress.advance(page.length);
      }
    });
    progress.end();
  }

  /** Publishes the selected messages of some items, before more are read. */
  async take<T>(
    items: readonly ReadItem<T>[],
    project: (value: T) => readonly OutgoingMessage[],
  ): Promise<void> {
    const messages: OutgoingMessage[] = [];
    for (const item of items) {
      if ('corrupt' in item) {
        this.#unreadable.push(item.corrupt.message);
      } else {
        messages.push(...project(item.value).filter((message) => isSelected(message, this.#selection)));
      }
    }
    for (const message of messages) {
      this.#counts.set(message.type, (this.#counts.get(message.type) ?? 0) + 1);
      this.#tools.onMessage(message);
    }
    await this.#publish(messages);
  }

  async #publish(messages: readonly OutgoingMessage[]): Promise<void> {
    const { topics, surroundings } = this.#tools;
    if (topics === undefined) {
      return;
    }
    let waiting = messages.map((message, index) => ({
      topic: routeOf(message).topic,
      entry: entryOf(message, index),
    }));
    for (let attempt = 1; waiting.length > 0 && attempt <= MAX_ATTEMPTS; attempt += 1) {
      if (attempt > 1) {
        await surroundings.pause(BASE_PAUSE_MS * 2 ** attempt * surroundings.random());
      }
      const calls = [...groupBy(waiting, ({ topic }) => topic)].map(([topic, group]) =>
        topics.publish(
          topic as Topic,
          group.map(({ entry }) => entry),
        ),
      );
      const failed = new Set((await Promise.all(calls)).flat());
      waiting = waiting.filter(({ entry }) => failed.has(entry.origin));
    }
    this.#failedCount += waiting.length;
  }
}

function entryOf(message: OutgoingMessage, index: number): TopicEntry {
  return { body: printMessage(message), attributes: routeOf(message).attributes, origin: String(index) };
}

function isSelected(message: OutgoingMessage, { account, from, to }: Selection): boolean {
  const isOfAccount =
    account === undefined ||
    (message.debtorId === account.debtorId && message.creditorId === account.creditorId);
  return isOfAccount && (from === undefined || message.ts >= from) && (to === undefined || message.ts < to);
}
