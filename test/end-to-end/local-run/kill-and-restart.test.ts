import { randomInt } from 'node:crypto';
import { describe, expect, it, onTestFailed, onTestFinished } from 'vitest';
import { type Client, TransferRejectedError } from '../../../lib/client/client.ts';
import { type CurrencyClients, openCurrencyClients } from './support/currency-clients.ts';
import { prepareRestartableRun, type RestartableRun, type StartedRun } from './support/restartable-run.ts';
import { type Paid, type Random, randomFrom, startTraffic } from './support/traffic.ts';

/** Options for finding rare failures: more rounds, and a fixed seed. */
const KILL_COUNT = Number(process.env.KILL_COUNT ?? 3);
const SEED = Number(process.env.KILL_SEED ?? randomInt(2 ** 31));

const DEBTOR_ID = 77n;
const CREDITOR_IDS = [1n, 2n, 3n, 4n, 5n].map((number) => 4_294_967_296n + number);

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
      const options = { debtorId: DEBTOR_ID, creditorIds: CREDITOR_IDS };
      const clients = await openCurrencyClients(localRun.outputs(), options);
      onTestFinished(() => clients[Symbol.asyncDispose]());
      const { bank, creditors } = clients;
      await bank.openAccount(accountOf(0n), { negligibleAmount: 1e12 });
      await Promise.all(CREDITOR_IDS.map((creditorId) => creditors.openAccount(accountOf(creditorId))));
      const traffic = startTraffic({ ...options, clients, random });

      for (let kills = 0; kills < KILL_COUNT; kills++) {
        running = await killAtSomeMoment(running, localRun, random);
      }
      const payments = await traffic.finish();
      expect(payments.length).toBeGreaterThan(20);
      await checkLedgers(clients, payments);
      await checkNothingIsLocked(clients);
      expect(clients.answers.contradictions).toStrictEqual([]);
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

function accountOf(creditorId: bigint) {
  return { debtorId: DEBTOR_ID, creditorId };
}

/** How an account's ledger must show a payment. */
function movement({ name, from, to }: Paid, acquiredAmount: bigint): string {
  return `${name}: ${from} → ${to} ${acquiredAmount}`;
}

/** Every commit is in the ledgers of both sides once, and each ledger ends where the authority says. */
async function checkLedgers({ bank, creditors }: CurrencyClients, payments: readonly Paid[]): Promise<void> {
  let sum = 0n;
  for (const creditorId of [0n, ...CREDITOR_IDS]) {
    const own = payments.filter(({ from, to }) => from === creditorId || to === creditorId);
    const expected = own.map((payment) =>
      movement(payment, payment.from === creditorId ? -payment.amount : payment.amount),
    );
    const principal = own.reduce(
      (total, { from, amount }) => total + (from === creditorId ? -amount : amount),
      0n,
    );
    sum += principal;
    const client = creditorId === 0n ? bank : creditors;
    await client.accountWhen(
      accountOf(creditorId),
      ({ latest, ledger }) => latest?.principal === principal && ledger.principal === principal,
    );
    if (creditorId !== 0n) {
      expect((await movementsOf(client, creditorId)).sort()).toStrictEqual(expected.sort());
    }
  }
  expect(sum).toBe(0n);
}

async function movementsOf(client: Client, creditorId: bigint): Promise<string[]> {
  const movements: string[] = [];
  for await (const entry of client.ledger(accountOf(creditorId))) {
    if (entry.kind === 'transfer') {
      const { sender, recipient, transferNote } = entry.transfer;
      movements.push(`${transferNote}: ${sender} → ${recipient} ${entry.acquiredAmount}`);
    } else {
      movements.push(`${entry.kind}: ${entry.acquiredAmount}`);
    }
  }
  return movements;
}

/** A transfer that is rejected tells how much is locked. */
async function checkNothingIsLocked({ bank, creditors }: CurrencyClients): Promise<void> {
  for (const creditorId of [0n, ...CREDITOR_IDS]) {
    const client = creditorId === 0n ? bank : creditors;
    const error = await client
      .pay({ from: accountOf(creditorId), to: creditorId, amount: 1n })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransferRejectedError);
    expect((error as TransferRejectedError).transfer.rejection).toStrictEqual({
      statusCode: 'RECIPIENT_SAME_AS_SENDER',
      totalLockedAmount: 0n,
    });
  }
}
