/**
 * Publishes messages again, about one account or in a range of time. Each item is projected as if it had just been created,
 * which gives the messages that clients have seen, or should have.
 */

import type { OutgoingMessage } from '../../protocol/messages.ts';
import type { Account, AccountKey } from '../../rules/account.ts';
import { messagesShownByAccount, messagesShownByRecord } from '../../rules/projection.ts';
import type { Settings } from '../../rules/settings.ts';
import type { EventTopics } from '../../shell/event-topics.ts';
import { publishMessages } from '../../shell/publish-messages.ts';
import type { Surroundings } from '../../shell/surroundings.ts';
import { isInRange, type TimeRange } from '../../shell/time-range.ts';
import type { ReadItem } from '../../storage/table-reader.ts';
import { type ReadingTools, readAccounts, readRecords } from '../read-tables.ts';

/** Which messages: those about one account, those in a range of time, or both. */
export interface Selection {
  readonly account: AccountKey | undefined;
  /** Of the messages' own `ts`. */
  readonly range: TimeRange;
  /** Whether to look for transfers that others sent to the account, which means reading the whole table. */
  readonly withIncoming: boolean;
}

export interface RepublishTools extends ReadingTools {
  /** `undefined` for a dry run. */
  readonly topics: EventTopics | undefined;
  readonly settings: Settings;
  readonly surroundings: Surroundings;
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

export async function republish(selection: Selection, tools: RepublishTools): Promise<RepublishResult> {
  const work = new Republishing(selection, tools);
  const { account } = selection;
  if (account === undefined) {
    await readAccounts(tools, (page) => work.take(page, work.messagesOfAccount));
  } else {
    const item = await tools.reader.readAccount(account);
    await work.take(item === undefined ? [] : [item], work.messagesOfAccount);
  }
  if (account === undefined || selection.withIncoming) {
    await readRecords(tools, (page) => work.take(page, messagesShownByRecord));
  } else {
    for await (const page of tools.reader.queryRecords(account)) {
      await work.take(page, messagesShownByRecord);
    }
  }
  return work.result;
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
    messagesShownByAccount(account, this.#tools.settings);

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
    if (topics !== undefined) {
      const failed = await publishMessages(messages, { topics, surroundings, maxAttempts: MAX_ATTEMPTS });
      this.#failedCount += failed.length;
    }
  }
}

function isSelected(message: OutgoingMessage, { account, range }: Selection): boolean {
  const isOfAccount =
    account === undefined ||
    (message.debtorId === account.debtorId && message.creditorId === account.creditorId);
  return isOfAccount && isInRange(message.ts, range);
}
