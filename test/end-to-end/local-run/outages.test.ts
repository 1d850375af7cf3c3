/**
 * Outages of the topics of an hour, a day and thirty hours: whatever is due is published afterwards, and nobody does anything for
 * it. Handlers, stack and emulators are those of the local run; only the clock, and what SNS answers, are the test's.
 */

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startTopicOutage, type TopicOutage } from '../../support/topic-outage.ts';
import { accountId, configureAccount, finalizeTransfer, prepareTransfer } from '../support/requests.ts';
import type { WireMessage, WireValue } from '../support/wire-json.ts';
import { TimeMachine } from './support/time-machine.ts';

const ADA = 4_294_967_297n;
const BORIS = 4_294_967_298n;
const NEWCOMER = 4_294_967_299n;
const LEAVER = 4_294_967_300n;
const HOUR = 1 / 24;
const SCHEDULED_FOR_DELETION = 1n;
const TIMEOUT_MS = 180_000;

let outage: TopicOutage;
const machine = new TimeMachine('2027-01-15T08:00:00Z', {
  endpointsOfFunctions: async (emulators) => {
    outage = await startTopicOutage(emulators.endpoint);
    return { ...emulators, endpoint: outage.endpoint };
  },
});

beforeAll(() => machine.start());
afterEach(() => outage.end());
afterAll(async () => {
  await machine.stop();
  await outage.close();
});

let latestSeqnum = 0n;

function configure(debtor_id: bigint, creditor_id: bigint, fields: Readonly<Record<string, WireValue>> = {}) {
  latestSeqnum += 1n;
  return configureAccount({ debtor_id, creditor_id, ts: machine.now(), seqnum: latestSeqnum, ...fields });
}

function prepare(debtor_id: bigint, fields: { from: bigint; to: bigint; amount: bigint }) {
  return prepareTransfer({
    debtor_id,
    creditor_id: fields.from,
    recipient: accountId(fields.to),
    min_locked_amount: fields.amount,
    max_locked_amount: fields.amount,
    ts: machine.now(),
  });
}

/** A currency in which Ada has 1,000, two payments of hers are prepared, and an account has left long ago. */
async function aCurrency(debtorId: bigint): Promise<readonly WireMessage[]> {
  const config_data = '{"type": "RootConfigData", "rate": 0}';
  await machine.send(configure(debtorId, 0n, { negligible_amount: 1e18, config_data }));
  await machine.send(
    ...[ADA, BORIS].map((creditorId) => configure(debtorId, creditorId)),
    configure(debtorId, LEAVER, { config_flags: SCHEDULED_FOR_DELETION }),
  );
  // Deleted at the first sweep after a week, and purged at the first after 106 days more.
  await machine.pass(15);
  machine.wait(107);
  const [issued] = await prepared(prepare(debtorId, { from: 0n, to: ADA, amount: 1_000n }));
  await machine.send(
    finalizeTransfer(issued as WireMessage, { committed_amount: 1_000n, ts: machine.now() }),
  );
  return prepared(...[1n, 2n].map((amount) => prepare(debtorId, { from: ADA, to: BORIS, amount })));
}

async function prepared(...requests: readonly WireMessage[]): Promise<readonly WireMessage[]> {
  return (await machine.send(...requests)).filter(({ type }) => type === 'PreparedTransfer');
}

/** One message of each kind is due: a payment, a lock, two refusals, a new account. */
async function doBusiness(debtorId: bigint, transfer: WireMessage, newcomer: bigint): Promise<void> {
  const refused = outage.refusalCount();
  await machine.post(
    finalizeTransfer(transfer, { committed_amount: 1n, ts: machine.now() }),
    prepare(debtorId, { from: ADA, to: BORIS, amount: 50n }),
    prepare(debtorId, { from: BORIS, to: ADA, amount: 1_000_000n }),
    configure(debtorId, newcomer),
    configure(debtorId, BORIS, { config_data: 'nonsense' }),
  );
  await eventually(() => expect(outage.refusalCount()).toBeGreaterThan(refused + 2));
}

/** Resolves when a stream has given up records, which happens at its next attempt. */
async function untilNoticed(): Promise<void> {
  await eventually(async () =>
    expect(await machine.countMessages('FailureNoticesQueueUrl')).toBeGreaterThan(0),
  );
}

/** What was published since then and not before, but for AccountUpdates, each message once. */
function newsOf(debtorId: bigint, since: number): readonly string[] {
  const of = (messages: readonly WireMessage[]) =>
    new Map(
      messages
        .filter(({ type, debtor_id }) => debtor_id === debtorId && type !== 'AccountUpdate')
        .map((message) => [identityOf(message), `${message.type} ${message.creditor_id}`]),
    );
  const known = of(machine.heard.slice(0, since));
  const news = [...of(machine.heard.slice(since))].filter(([identity]) => !known.has(identity));
  return news.map(([, text]) => text).toSorted();
}

const IDENTITY = [
  'type',
  'creditor_id',
  'transfer_id',
  'transfer_number',
  'coordinator_request_id',
  'config_seqnum',
];

function identityOf(message: WireMessage): string {
  return IDENTITY.map((name) => String(message[name])).join(' ');
}

const BUSINESS = [
  `AccountTransfer ${ADA}`,
  `AccountTransfer ${BORIS}`,
  `FinalizedTransfer ${ADA}`,
  `PreparedTransfer ${ADA}`,
  `RejectedConfig ${BORIS}`,
  `RejectedTransfer ${BORIS}`,
];

/** The principals that the latest AccountUpdates tell. */
function principalsOf(debtorId: bigint, ...creditorIds: readonly bigint[]): readonly WireValue[] {
  return creditorIds.map(
    (creditorId) =>
      machine.heard.findLast(
        ({ type, debtor_id, creditor_id }) =>
          type === 'AccountUpdate' && debtor_id === debtorId && creditor_id === creditorId,
      )?.principal ?? 'none',
  );
}

it(
  'After an hour in which SNS answers with errors, the streams go on by themselves',
  async () => {
    const [first] = await aCurrency(1n);
    const since = machine.heard.length;
    outage.begin('InternalError', 500);
    await doBusiness(1n, first as WireMessage, NEWCOMER);
    machine.wait(HOUR);
    expect(newsOf(1n, since)).toStrictEqual([]);
    outage.end();
    await machine.untilAtRest();
    expect(newsOf(1n, since)).toStrictEqual(BUSINESS);
    expect(principalsOf(1n, ADA, BORIS, NEWCOMER)).toStrictEqual([999n, 1n, 0n]);
    expect(await machine.countMessages('FailureNoticesQueueUrl')).toBe(0);
  },
  TIMEOUT_MS,
);

it(
  'After a day in which a key was disabled, what the streams gave up is published again',
  async () => {
    const [first] = await aCurrency(2n);
    const since = machine.heard.length;
    outage.begin('KMSDisabled', 400);
    await doBusiness(2n, first as WireMessage, NEWCOMER);
    machine.wait(24 * HOUR);
    await untilNoticed();
    expect(newsOf(2n, since)).toStrictEqual([]);
    outage.end();
    await machine.untilAtRest();
    await machine.pass(HOUR);
    // The sweep over accounts has come, too.
    expect(newsOf(2n, since)).toStrictEqual([`AccountPurge ${LEAVER}`, ...BUSINESS]);
    expect(principalsOf(2n, ADA, BORIS, NEWCOMER)).toStrictEqual([999n, 1n, 0n]);
    expect(await machine.countMessages('FailureNoticesQueueUrl')).toBe(0);
    expect(await machine.countMessages('PublishAgainTasksQueueUrl')).toBe(0);
  },
  TIMEOUT_MS,
);

it(
  'After thirty hours without a permission, old and young messages are published, and the purge of an account',
  async () => {
    const [first, second] = await aCurrency(3n);
    const since = machine.heard.length;
    outage.begin('AuthorizationError', 403);
    await doBusiness(3n, first as WireMessage, NEWCOMER);
    await machine.fireSchedules();
    machine.wait(15 * HOUR);
    await doBusiness(3n, second as WireMessage, NEWCOMER + 100n);
    machine.wait(15 * HOUR);
    await untilNoticed();
    expect(newsOf(3n, since)).toStrictEqual([]);
    outage.end();
    await machine.untilAtRest();
    await machine.pass(HOUR);
    expect(newsOf(3n, since)).toStrictEqual([...BUSINESS, ...BUSINESS, `AccountPurge ${LEAVER}`].toSorted());
    expect(principalsOf(3n, ADA, BORIS, NEWCOMER, NEWCOMER + 100n)).toStrictEqual([998n, 2n, 0n, 0n]);
    expect(await machine.countMessages('FailureNoticesQueueUrl')).toBe(0);
    expect(await machine.countMessages('StreamFailuresQueueUrl')).toBe(0);
  },
  TIMEOUT_MS,
);

it(
  'A message that SNS refuses for its content is kept aside, and all others are published',
  async () => {
    const [first] = await aCurrency(4n);
    const since = machine.heard.length;
    // SNS refuses each call that holds the new account's AccountUpdate.
    outage.begin('InvalidParameter', 400, `creditor_id%22%3A${NEWCOMER}`);
    await doBusiness(4n, first as WireMessage, NEWCOMER);
    await machine.untilAtRest();
    expect(newsOf(4n, since)).toStrictEqual(BUSINESS);
    expect(principalsOf(4n, ADA, BORIS, NEWCOMER)).toStrictEqual([999n, 1n, 'none']);
    expect(await machine.countMessages('StreamFailuresQueueUrl')).toBe(1);
    expect(await machine.countMessages('FailureNoticesQueueUrl')).toBe(0);
  },
  TIMEOUT_MS,
);
