import { randomInt } from 'node:crypto';
import { describe, expect, it, onTestFailed, onTestFinished } from 'vitest';
import { accountId, configureAccount, prepareTransfer } from '../support/requests.ts';
import { parseWire, type WireMessage } from '../support/wire-json.ts';
import { type Arrivals, createArrivals } from './support/arrivals.ts';
import { type Books, openBooks } from './support/books.ts';
import { prepareRestartableRun, type RestartableRun, type StartedRun } from './support/restartable-run.ts';
import { connect, type SteadfastClient } from './support/steadfast-client.ts';
import { type Payment, type Random, randomFrom, startTraffic } from './support/traffic.ts';

/** Options for finding rare failures: more rounds, and a fixed seed. */
const KILL_COUNT = Number(process.env.KILL_COUNT ?? 3);
const SEED = Number(process.env.KILL_SEED ?? randomInt(2 ** 31));

const DEBTOR_ID = 77n;
const CREDITOR_IDS = [1n, 2n, 3n, 4n, 5n].map((number) => 4_294_967_296n + number);
const EVERYBODY = [0n, ...CREDITOR_IDS];

describe('The local run', () => {
  it(
    'loses and doubles nothing, however often it is killed and started again',
    async () => {
      onTestFailed(() => console.error(`To do it again: KILL_SEED=${SEED} KILL_COUNT=${KILL_COUNT}`));
      const random = randomFrom(SEED);
      const localRun = await prepareRestartableRun();
      let running = localRun.start();
      onTestFinished(async () => {
        await running.kill();
        localRun.remove();
      });
      await running.whenReady;
      const books = openBooks();
      const arrivals = createArrivals();
      const listeners = [books.add, arrivals.add];
      const client = await connect(localRun.outputs(), (message, body) => {
        for (const listen of listeners) {
          listen(message, body);
        }
      });
      onTestFinished(client.close);
      await client.send(EVERYBODY.map((creditorId) => configuration(creditorId, 0n)));
      await Promise.all(EVERYBODY.map((creditorId) => principalAnnouncedFor(arrivals, creditorId, 0n)));
      const traffic = startTraffic({ debtorId: DEBTOR_ID, creditorIds: CREDITOR_IDS, random, ...client });
      listeners.unshift(traffic.onMessage);

      for (let kills = 0; kills < KILL_COUNT; kills++) {
        running = await killAtSomeMoment(running, localRun, random);
      }
      await traffic.finish();
      await arrivals.until(
        'all AccountTransfers',
        () => books.size() >= countEntries(traffic.payments) || undefined,
      );

      checkPayments([...traffic.payments.values()], books);
      await checkAccounts(client, arrivals, books.principalOf);
      expect(await running.stop()).toBe(0);
    },
    120_000 + KILL_COUNT * 20_000,
  );
});

/** Lets it work for a moment and kills it, sometimes again while it is starting. @returns the run that is ready again */
async function killAtSomeMoment(
  running: StartedRun,
  localRun: RestartableRun,
  random: Random,
): Promise<StartedRun> {
  await moment(random() * 1500);
  await running.kill();
  if (random() < 0.3) {
    const early = localRun.start();
    await moment(random() * 3000);
    await early.kill();
  }
  const next = localRun.start();
  await next.whenReady;
  return next;
}

/** Waits for the moment of a kill, which is chosen at random and not observed. */
function moment(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function configuration(creditorId: bigint, seqnum: bigint): WireMessage {
  const negligible_amount = creditorId === 0n ? 1e12 : 0;
  const ts = '2100-01-01T00:00:00Z';
  return configureAccount({ debtor_id: DEBTOR_ID, creditor_id: creditorId, negligible_amount, seqnum, ts });
}

function principalAnnouncedFor(
  arrivals: Arrivals,
  creditorId: bigint,
  configSeqnum: bigint,
): Promise<bigint> {
  const isIt = ({ type, creditor_id, last_config_seqnum }: WireMessage) =>
    type === 'AccountUpdate' && creditor_id === creditorId && last_config_seqnum === configSeqnum;
  return arrivals.until(
    `AccountUpdate of ${creditorId}`,
    (messages) => messages.find(isIt)?.principal as bigint | undefined,
  );
}

function isPrepared({ outcomes }: Payment): boolean {
  return [...outcomes].some((body) => parseWire(body).type === 'PreparedTransfer');
}

/** The effect of the payment according to its FinalizedTransfer, in the form of the books. */
function movementOf({ prepare, endings }: Payment): string[] {
  return [...endings]
    .map(parseWire)
    .filter(({ committed_amount }) => committed_amount !== 0n)
    .map(({ committed_amount, ts }) => {
      const sender = accountId(prepare.creditor_id as bigint);
      return `${sender} → ${prepare.recipient} ${committed_amount} at ${ts}`;
    });
}

/** How many AccountTransfers there must be: one to each side, the root account apart. */
function countEntries(payments: ReadonlyMap<bigint, Payment>): number {
  const movements = [...payments.values()].flatMap(movementOf);
  const withRoot = movements.filter((text) => text.startsWith('0 → ') || text.includes(' → 0 '));
  return 2 * movements.length - withRoot.length;
}

/** Each request has one outcome, each prepared transfer one end, and each commit one AccountTransfer to either side. */
function checkPayments(payments: readonly Payment[], books: Books): void {
  expect(payments.filter(({ outcomes }) => outcomes.size !== 1)).toStrictEqual([]);
  expect(payments.filter((payment) => payment.endings.size !== (isPrepared(payment) ? 1 : 0))).toStrictEqual(
    [],
  );
  const movements = payments.flatMap(movementOf).sort();
  expect(movements.length).toBeGreaterThan(20);
  expect(books.movements('sender')).toStrictEqual(movements.filter((text) => !text.startsWith('0 → ')));
  expect(books.movements('recipient')).toStrictEqual(movements.filter((text) => !text.includes(' → 0 ')));
}

/** Asks each account what it has and what is locked on it. */
async function checkAccounts(
  client: SteadfastClient,
  arrivals: Arrivals,
  principalOf: (creditorId: bigint) => bigint,
): Promise<void> {
  await client.send(EVERYBODY.map((creditorId) => configuration(creditorId, 1n)));
  const toThemselves = EVERYBODY.map((creditorId) =>
    prepareTransfer({
      debtor_id: DEBTOR_ID,
      creditor_id: creditorId,
      recipient: accountId(creditorId),
      min_locked_amount: 0n,
      max_locked_amount: 0n,
    }),
  );
  await client.send(toThemselves);
  let sum = 0n;
  for (const [index, creditorId] of EVERYBODY.entries()) {
    const principal = await principalAnnouncedFor(arrivals, creditorId, 1n);
    sum += principal;
    if (creditorId !== 0n) {
      expect(principal).toBe(principalOf(creditorId));
    }
    const request = toThemselves[index]?.coordinator_request_id;
    const rejection = await arrivals.until(`RejectedTransfer of ${creditorId}`, (messages) =>
      messages.find((message) => message.coordinator_request_id === request),
    );
    expect([rejection.status_code, rejection.total_locked_amount]).toStrictEqual([
      'RECIPIENT_SAME_AS_SENDER',
      0n,
    ]);
  }
  expect(sum).toBe(0n);
}
