/** Plays the demo round by round: what goes in, what comes out, and whether it is what the script says. */

import { DemoError } from './demo-error.ts';
import { type ExampleRound, fillIn } from './examples.ts';
import type { Mailbox } from './mailbox.ts';
import { amount, nameOf, tellReceived, tellSent } from './narrator.ts';
import type { Screen } from './screen.ts';
import { CAST, DEAD_LETTER, FINAL_BALANCES, SCRIPT, type ScriptRound } from './script.ts';
import { hasFields, parseWire, type WireMessage } from './wire.ts';

export interface PlayOptions {
  /** Sends every message of a round a second time. */
  readonly isTwice: boolean;
  /** Sends the messages of a round in the opposite order. */
  readonly isReverse: boolean;
}

export interface Stage {
  readonly mailbox: Pick<Mailbox, 'send' | 'next'>;
  readonly screen: Pick<Screen, 'title' | 'message'>;
}

/** What is known so far. */
interface Scene {
  readonly startedAt: number;
  /** By number. */
  readonly sent: Map<string, WireMessage>;
  readonly prepared: WireMessage[];
  /** The latest AccountUpdate of each account, by creditor ID. */
  readonly updates: Map<unknown, WireMessage>;
}

/** Everything that a message brings about is there after a fraction of this, even on a busy machine. */
const PATIENCE_MS = 30_000;

/**
 * Plays all rounds, and waits for the final balances.
 * @returns the last announced principal of each account, by creditor ID
 * @throws {DemoError} at the first surprise
 */
export async function play(
  rounds: readonly ExampleRound[],
  options: PlayOptions,
  stage: Stage,
): Promise<ReadonlyMap<bigint, bigint>> {
  if (rounds.length !== SCRIPT.length) {
    throw new DemoError(`There are ${rounds.length} rounds of messages, and ${SCRIPT.length} in the script.`);
  }
  const scene: Scene = { startedAt: performance.now(), sent: new Map(), prepared: [], updates: new Map() };
  for (const [index, round] of rounds.entries()) {
    await playRound(round, SCRIPT[index] as ScriptRound, options, stage, scene);
  }
  stage.screen.title('All balances are announced');
  await waitForBalances(stage, scene);
  return new Map([...CAST.keys()].map((creditorId) => [creditorId, principalOf(scene, creditorId) ?? 0n]));
}

async function playRound(
  { messages }: ExampleRound,
  { title, outcomes }: ScriptRound,
  { isTwice, isReverse }: PlayOptions,
  stage: Stage,
  scene: Scene,
): Promise<void> {
  stage.screen.title(title);
  const values = {
    now: new Date().toISOString(),
    transferIdOf: (number: string) => transferIdOf(number, scene),
  };
  const filledIn = messages.map(({ number, template }) => ({ number, body: fillIn(template, values) }));
  const ordered = isReverse ? filledIn.toReversed() : filledIn;
  const all = isTwice ? [...ordered, ...ordered] : ordered;
  for (const { number, body } of all) {
    const message = parseWire(body);
    scene.sent.set(number, message);
    show(stage, scene, 'in', message, tellSent(message));
  }
  await stage.mailbox.send(all.map(({ body }) => body));
  // A copy changes nothing, except that what makes no sense is put aside each time.
  const copies = outcomes.filter(({ type }) => isTwice && type === DEAD_LETTER);
  await waitForOutcomes([...outcomes, ...copies], stage, scene);
}

async function waitForOutcomes(outcomes: WireMessage[], stage: Stage, scene: Scene): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (outcomes.length > 0) {
    const message = await stage.mailbox.next(end - performance.now());
    if (message === undefined) {
      const missing = outcomes.map(({ type, creditor_id }) => `${type} of ${nameOf(creditor_id)}`);
      throw new DemoError(`Within ${PATIENCE_MS / 1000} s, this did not come: ${missing.join(', ')}.`);
    }
    const index = outcomes.findIndex((outcome) => hasFields(message, outcome));
    if (index >= 0) {
      outcomes.splice(index, 1);
    }
    take(message, index >= 0, stage, scene);
  }
}

/** @throws {DemoError} for a message that is not in the script */
function take(message: WireMessage, isOutcome: boolean, stage: Stage, scene: Scene): void {
  const { type, creditor_id } = message;
  const isLaterBalance = type === 'AccountUpdate' && scene.updates.has(creditor_id);
  if (!isOutcome && !isLaterBalance) {
    throw new DemoError(`The script knows nothing of this ${type}: ${tellReceived(message)}.`);
  }
  const isNews = !isLaterBalance || isLaterChange(message, scene.updates.get(creditor_id));
  if (type === 'PreparedTransfer') {
    scene.prepared.push(message);
  }
  if (type === 'AccountUpdate' && isNews) {
    scene.updates.set(creditor_id, message);
  }
  const direction = type === DEAD_LETTER || type === 'RejectedTransfer' ? 'aside' : 'out';
  if (isNews) {
    show(stage, scene, direction, message, tellReceived(message));
  }
}

/** AccountUpdates may come in any order; these numbers wrap as those of an int32 do. */
function isLaterChange(candidate: WireMessage, reference: WireMessage | undefined): boolean {
  const [later, earlier] = [candidate, reference].map((update) => update?.last_change_seqnum as bigint);
  return later !== undefined && earlier !== undefined && BigInt.asIntN(32, later - earlier) > 0n;
}

async function waitForBalances(stage: Stage, scene: Scene): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  const findWrong = () => [...FINAL_BALANCES].find(([id, balance]) => principalOf(scene, id) !== balance);
  for (let wrong = findWrong(); wrong !== undefined; wrong = findWrong()) {
    const message = await stage.mailbox.next(end - performance.now());
    if (message === undefined) {
      const [creditorId, balance] = wrong;
      const words = `${nameOf(creditorId)} should have ${amount(balance)}`;
      throw new DemoError(`${words}, and has ${amount(principalOf(scene, creditorId))}.`);
    }
    take(message, false, stage, scene);
  }
}

function principalOf({ updates }: Scene, creditorId: bigint): bigint | undefined {
  return updates.get(creditorId)?.principal as bigint | undefined;
}

/** A PreparedTransfer repeats what names the request: its account and its coordinator's number for it. */
function transferIdOf(number: string, { sent, prepared }: Scene): bigint | undefined {
  const request = sent.get(number);
  if (request === undefined) {
    return undefined;
  }
  const { creditor_id, coordinator_type, coordinator_id, coordinator_request_id } = request;
  const names = { creditor_id, coordinator_type, coordinator_id, coordinator_request_id };
  return prepared.find((message) => hasFields(message, names))?.transfer_id as bigint | undefined;
}

function show(
  { screen }: Stage,
  { startedAt }: Scene,
  direction: 'in' | 'out' | 'aside',
  message: WireMessage,
  words: string,
): void {
  screen.message(direction, (performance.now() - startedAt) / 1000, String(message.type), words);
}
