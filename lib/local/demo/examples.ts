/** The demo's messages, one file each, and the values of their placeholders. They are sent in play.ts. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DemoError } from './demo-error.ts';

export interface ExampleMessage {
  /** Other messages refer to this number. */
  readonly number: string;
  /** JSON with placeholders. */
  readonly template: string;
}

/** Messages that don't depend on each other: they may be sent in any order. */
export interface ExampleRound {
  readonly messages: readonly ExampleMessage[];
}

const FILE_NAME = /^(\d)(\d+)-.*\.json$/;

/**
 * The rounds in order; the first digit of a file's number is its round.
 * @throws {DemoError} when there is no such folder
 */
export function readExamples(folder: string): readonly ExampleRound[] {
  const rounds = new Map<string, ExampleMessage[]>();
  for (const file of filesIn(folder)) {
    const [, round, rest] = FILE_NAME.exec(file) ?? [];
    if (round === undefined) {
      continue;
    }
    const message = { number: `${round}${rest}`, template: readFileSync(join(folder, file), 'utf8') };
    rounds.set(round, [...(rounds.get(round) ?? []), message]);
  }
  return [...rounds.values()].map((messages) => ({ messages }));
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw new DemoError(
      `The folder ${folder} can't be read (${(error as { code?: string }).code}); see --messages.`,
    );
  }
}

/** The values that are known only when a message is sent. */
export interface Values {
  /** ISO 8601. */
  readonly now: string;
  /** The ID of the transfer that the message with this number asked for. */
  readonly transferIdOf: (number: string) => bigint | undefined;
}

/**
 * The message to send. Placeholders are replaced in the text, so that all numbers keep their digits.
 * @throws {DemoError} for a placeholder without a value
 */
export function fillIn(template: string, { now, transferIdOf }: Values): string {
  return template.replace(/"\{\{(.*?)\}\}"/g, (placeholder, words: string) => {
    if (words === 'now') {
      return JSON.stringify(now);
    }
    const [, number = ''] = /^transfer_id of (\d+)$/.exec(words) ?? [];
    const transferId = transferIdOf(number);
    if (transferId === undefined) {
      throw new DemoError(`The placeholder ${placeholder} has no value.`);
    }
    return `${transferId}`;
  });
}
