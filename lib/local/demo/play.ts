/** Plays the demo round by round: sends its messages, shows what comes out, and compares that with the script. */

import { hasFields, parseWire, type WireMessage } from '../wire.ts';
import { DemoError } from './demo-error.ts';
import { type ExampleRound, fillIn } from './examples.ts';
import type { Mailbox } from './mailbox.ts';
import { amount, nameOf, tellReceived, tellSent } from './narrator.ts';
import type { Screen, ShownMessage } from './screen.ts';
import { CAST, DEAD_LETTER, FINAL_BALANCES, SCRIPT, type ScriptRound } from './script.ts';

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

/** The stage with what is known so far. */
interface Scene extends Stage {
  readonly startedAt: number;
  /** By number. */
  readonly sent: Map<string, WireMessage>;
  readonly prepared: WireMessage[];
  /** The latest AccountUpdate of each account, by creditor ID. */
  readonly updates: Map<unknown, WireMessage>;
}

/** Even on a busy machine, all results of a message come in a fraction of this time. */
const PATIENCE_MS = 30_000;

/**
 * Plays all rounds, and waits for the final balances.
 * @returns the last announced principal of each account, by creditor ID
 * @throws {DemoError} at the first difference from the script
 */
export async function play(
  rounds: readonly ExampleRound[],
  options: PlayOptions,
  stage: Stage,
): Promise<ReadonlyMap<bigint, bigint>> {
  if (rounds.length !== SCRIPT.length) {
    throw new DemoError(`The folder has ${rounds.length} rounds of messages, the script ${SCRIPT.length}.`);
  }
  const scene = {
    ...stage,
    startedAt: performance.now(),
    sent: new Map(),
    prepared: [],
    updates: new Map(),
  };
  for (const [index, round] of rounds.entries()) {
    await playRound(scene, { ...round, ...(SCRIPT[index] as ScriptRound) }, options);
  }
  stage.screen.title('All balances are announced');
  await waitForBalances(scene);
  return new Map([...CAST.keys()].map((creditorId) => [creditorId, principalOf(scene, creditorId) ?? 0n]));
}

async function playRound(
  scene: Scene,
  { messages, title, outcomes }: ExampleRound & ScriptRound,
  { isTwice, isReverse }: PlayOptions,
): Promise<void> {
  scene.screen.title(title);
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
    show(scene, 'in', message);
  }
  await scene.mailbox.send(all.map(({ body }) => body));
  // A copy changes nothing, except that each copy of an invalid message goes to the dead-letter queue.
  const copies = outcomes.filter(({ type }) => isTwice && type === DEAD_LETTER);
  await waitForOutcomes(scene, [...outcomes, ...copies]);
}

async function waitForOutcomes(scene: Scene, outcomes: WireMessage[]): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (outcomes.length > 0) {
    const message = await scene.mailbox.next(end - performance.now());
    if (message === undefined) {
      const missing = outcomes.map(({ type, creditor_id }) => `${type} of ${nameOf(creditor_id)}`);
      throw new DemoError(
        `These messages did not come within ${PATIENCE_MS / 1000} s: ${missing.join(', ')}.`,
      );
    }
    const index = outcomes.findIndex((outcome) => hasFields(message, outcome));
    if (index >= 0) {
      outcomes.splice(index, 1);
    }
    take(scene, message, index >= 0);
  }
}

/** @throws {DemoError} for a message that is not in the script */
function take(scene: Scene, message: WireMessage, isOutcome: boolean): void {
  const { type, creditor_id } = message;
  const isLaterBalance = type === 'AccountUpdate' && scene.updates.has(creditor_id);
  if (!isOutcome && !isLaterBalance) {
    throw new DemoError(`The script does not expect this ${type}: ${tellReceived(message)}.`);
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
    show(scene, direction, message);
  }
}

/** AccountUpdates may come in any order; their numbers wrap as an int32 does. */
function isLaterChange(candidate: WireMessage, reference: WireMessage | undefined): boolean {
  const [later, earlier] = [candidate, reference].map((update) => update?.last_change_seqnum as bigint);
  return later !== undefined && earlier !== undefined && BigInt.asIntN(32, later - earlier) > 0n;
}

async function waitForBalances(scene: Scene): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  const findWrong = () => [...FINAL_BALANCES].find(([id, balance]) => principalOf(scene, id) !== balance);
  for (let wrong = findWrong(); wrong !== undefined; wrong = findWrong()) {
    const message = await scene.mailbox.next(end - performance.now());
    if (message === undefined) {
      const [creditorId, balance] = wrong;
      const words = `${nameOf(creditorId)} should have ${amount(balance)}`;
      throw new DemoError(`${words}, and has ${amount(principalOf(scene, creditorId))}.`);
    }
    take(scene, message, false);
  }
}

function principalOf({ updates }: Scene, creditorId: bigint): bigint | undefined {
  return updates.get(creditorId)?.principal as bigint | undefined;
}

/** A PreparedTransfer repeats the request's account and its coordinator's number for the request. */
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
  { screen, startedAt }: Scene,
  direction: ShownMessage['direction'],
  message: WireMessage,
): void {
  const words = direction === 'in' ? tellSent(message) : tellReceived(message);
  const seconds = (performance.now() - startedAt) / 1000;
  screen.message({ direction, seconds, type: String(message.type), words });
}
