/** The demo's messages, one file each, and what their placeholders become. When they are sent is told in play.ts. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DemoError } from './demo-error.ts';

export interface ExampleMessage {
  /** Its number, under which others refer to it. */
  readonly number: string;
  /** JSON with placeholders. */
  readonly template: string;
}

/** Messages that don't depend on each other: they may be sent in any order. */
export interface ExampleRound {
  readonly messages: readonly ExampleMessage[];
}

const FILE_NAME = /^(\d)(\d+)-.*\.json$/;

/** The rounds in their order; the first digit of a file's number is its round. */
export function readExamples(folder: string): readonly ExampleRound[] {
  const rounds = new Map<string, ExampleMessage[]>();
  for (const file of readdirSync(folder).sort()) {
    const [, round, rest] = FILE_NAME.exec(file) ?? [];
    if (round === undefined) {
      continue;
    }
    const message = { number: `${round}${rest}`, template: readFileSync(join(folder, file), 'utf8') };
    rounds.set(round, [...(rounds.get(round) ?? []), message]);
  }
  return [...rounds.values()].map((messages) => ({ messages }));
}

/** What only is known when a message is sent. */
export interface Values {
  /** ISO 8601. */
  readonly now: string;
  /** What the authority named the transfer that the message of this number asked for. */
  readonly transferIdOf: (number: string) => bigint | undefined;
}

/**
 * The message as it is sent. Placeholders are replaced in the text, so that every number stays as it is written.
 * @throws {DemoError} for a placeholder that stands for nothing
 */
export function fillIn(template: string, { now, transferIdOf }: Values): string {
  return template.replace(/"\{\{(.*?)\}\}"/g, (placeholder, words: string) => {
    if (words === 'now') {
      return JSON.stringify(now);
    }
    const [, number = ''] = /^transfer_id of (\d+)$/.exec(words) ?? [];
    const transferId = transferIdOf(number);
    if (transferId === undefined) {
      throw new DemoError(`Nothing is known that ${placeholder} could stand for.`);
    }
    return `${transferId}`;
  });
}
