/** The synthetic payment against the real shell and rules, with tables, streams and topics in memory. */

import { describe, expect, it } from 'vitest';
import type { IncomingMessage, OutgoingMessage } from '../../lib/protocol/messages.ts';
import { parseSettings } from '../../lib/shell/settings.ts';
import { HOLDER_ID, makeSyntheticPayment } from '../../lib/shell/synthetic-payment.ts';
import { aConfigureAccount, anIssuingTransfer, NOW } from '../support/builders.ts';
import { TestTelemetry } from '../support/shell-surroundings.ts';
import { QuietCloud } from '../time/support/quiet-cloud.ts';

const DEBTOR_ID = 4294967295n;
const SECOND = 1_000_000n;

/** How often an invocation has time to look for answers. */
const MAX_RECEIVES = 60;

class World {
  readonly sent: IncomingMessage[] = [];
  readonly #answers: OutgoingMessage[] = [];
  readonly cloud = new QuietCloud({
    start: NOW,
    settings: parseSettings({}),
    onPublished: (message) => {
      if (!this.lost.includes(message.type)) {
        this.#answers.push(message);
      }
    },
  });
  /** The types of answers that never come. */
  lost: readonly OutgoingMessage['type'][] = [];
  /** Earlier answers, which come again each time when answers are taken, before the new ones. */
  repeated: readonly OutgoingMessage[] = [];
  answersAtOnce = 10;
  /** How far the clock goes on while answers are waited for. */
  step = SECOND;
  /** What becomes of a message on its way to the authority. */
  altered = (message: IncomingMessage): IncomingMessage => message;
  #receivesLeft = 0;

  readonly #mailbox = {
    send: async (message: IncomingMessage) => {
      this.sent.push(message);
      await this.cloud.send(this.altered(message));
    },
    receive: async () => {
      this.#receivesLeft -= 1;
      this.cloud.time += this.step;
      return [...this.repeated, ...this.#answers.splice(0, this.answersAtOnce)];
    },
  };

  /** A world that has made its first payment. */
  static async atWork(): Promise<World> {
    const world = new World();
    await world.pay();
    return world;
  }

  async pay(): Promise<TestTelemetry> {
    const telemetry = new TestTelemetry();
    this.#receivesLeft = MAX_RECEIVES;
    this.sent.length = 0;
    await makeSyntheticPayment(DEBTOR_ID, {
      mailbox: this.#mailbox,
      surroundings: { now: () => this.cloud.time },
      telemetry,
      hasTime: () => this.#receivesLeft > 0,
    });
    return telemetry;
  }

  /** All that the authority has said so far. */
  get answers(): readonly OutgoingMessage[] {
    return this.cloud.publications.map(({ message }) => message);
  }

  get sentTypes(): readonly string[] {
    return this.sent.map(({ type }) => type);
  }

  get principals(): Record<string, bigint> {
    return Object.fromEntries(
      this.cloud.accounts.map(({ creditorId, principal }) => [`${creditorId}`, principal]),
    );
  }

  get lockedAmounts(): readonly bigint[] {
    return this.cloud.accounts.map(({ totalLockedAmount }) => totalLockedAmount);
  }
}

/** Asks for a payment to nobody, which is refused. */
function toNobody(message: IncomingMessage): IncomingMessage {
  return message.type === 'PrepareTransfer' ? { ...message, recipient: 'nobody' } : message;
}

function whyFailed({ log }: TestTelemetry): unknown {
  return log.map(({ details }) => details.reason);
}

const NOTHING_LEFT = { '0': 0n, [`${HOLDER_ID}`]: 0n };

describe('A synthetic payment', () => {
  it('opens its accounts at the first time, and completes', async () => {
    const world = new World();
    const { counts, phases } = await world.pay();
    expect([counts, [...phases], world.sentTypes, world.principals]).toStrictEqual([
      { 'SyntheticPayment.completed': 1 },
      ['SyntheticPayment'],
      [
        'PrepareTransfer',
        'ConfigureAccount',
        'ConfigureAccount',
        'PrepareTransfer',
        'FinalizeTransfer',
        'PrepareTransfer',
        'FinalizeTransfer',
      ],
      NOTHING_LEFT,
    ]);
  });

  it('is two transfers from then on, there and back', async () => {
    const world = await World.atWork();
    const { counts } = await world.pay();
    expect([counts, world.sentTypes, world.principals]).toStrictEqual([
      { 'SyntheticPayment.completed': 1 },
      ['PrepareTransfer', 'FinalizeTransfer', 'PrepareTransfer', 'FinalizeTransfer'],
      NOTHING_LEFT,
    ]);
  });

  it.each<readonly [OutgoingMessage['type'], string]>([
    ['PreparedTransfer', 'no PreparedTransfer came'],
    ['FinalizedTransfer', 'no FinalizedTransfer came'],
    ['AccountTransfer', 'no AccountTransfer came'],
  ])('fails without %s, and the next one makes up for it', async (type, reason) => {
    const world = await World.atWork();
    world.lost = [type];
    const { counts, log } = await world.pay();
    expect([counts, log]).toStrictEqual([
      { 'SyntheticPayment.failed': 1 },
      [{ level: 'warn', message: 'A synthetic payment did not go through.', details: { reason } }],
    ]);
    world.lost = [];
    const next = await world.pay();
    expect([next.counts, world.principals]).toStrictEqual([
      { 'SyntheticPayment.completed': 1 },
      NOTHING_LEFT,
    ]);
  });

  it('finishes a transfer that an earlier one left prepared, when it is reminded of it', async () => {
    const world = await World.atWork();
    world.lost = ['PreparedTransfer'];
    await world.pay();
    expect(world.lockedAmounts).toContain(1n);
    world.lost = [];
    await world.cloud.passTo(world.cloud.time + 8n * 86_400n * SECOND);
    await world.cloud.sweep('transfers');
    await world.pay();
    expect([world.lockedAmounts, world.principals]).toStrictEqual([[0n, 0n], NOTHING_LEFT]);
  });

  it('fails where its accounts can not be opened', async () => {
    const world = new World();
    world.lost = ['AccountUpdate'];
    const { log } = await world.pay();
    expect(log[0]?.details).toStrictEqual({ reason: 'no AccountUpdate of creditor 0 came' });
  });

  it('waits for answers that come one by one', async () => {
    const world = new World();
    world.answersAtOnce = 1;
    const { counts } = await world.pay();
    expect([counts, world.principals]).toStrictEqual([{ 'SyntheticPayment.completed': 1 }, NOTHING_LEFT]);
  });

  it('fails when it is refused, also after its accounts were configured', async () => {
    const world = await World.atWork();
    world.altered = toNobody;
    expect(whyFailed(await world.pay())).toStrictEqual(['it was refused twice']);
    expect(world.sentTypes).toStrictEqual([
      'PrepareTransfer',
      'ConfigureAccount',
      'ConfigureAccount',
      'PrepareTransfer',
    ]);
  });

  it('is refused as well where its commit came to nothing', async () => {
    const world = await World.atWork();
    world.altered = (message) =>
      message.type === 'FinalizeTransfer' ? { ...message, committedAmount: 0n } : message;
    expect(whyFailed(await world.pay())).toStrictEqual(['it was refused twice']);
  });

  it.each<OutgoingMessage['type']>(['PreparedTransfer', 'FinalizedTransfer', 'AccountTransfer'])(
    'does not take an earlier %s, which comes again, for its own',
    async (type) => {
      const world = await World.atWork();
      world.repeated = world.answers;
      world.lost = [type];
      expect(whyFailed(await world.pay())).toStrictEqual([`no ${type} came`]);
    },
  );

  it('completes while answers to earlier payments come again, refusals among them', async () => {
    const world = await World.atWork();
    world.repeated = world.answers;
    const { counts } = await world.pay();
    expect(world.repeated.map(({ type }) => type)).toContain('RejectedTransfer');
    expect(counts).toStrictEqual({ 'SyntheticPayment.completed': 1 });
    expect(world.sentTypes).not.toContain('ConfigureAccount');
  });

  it('knows the answer to its configuration by when it was asked, not by when the account was changed', async () => {
    const world = new World();
    world.altered = (message) => {
      world.cloud.time += 1_000_000n;
      return message;
    };
    const { counts } = await world.pay();
    expect(counts).toStrictEqual({ 'SyntheticPayment.completed': 1 });
  });

  it('does not take earlier AccountUpdates, which come again, for answers to its configuration', async () => {
    const world = await World.atWork();
    world.altered = toNobody;
    world.repeated = world.answers;
    world.lost = ['AccountUpdate'];
    expect(whyFailed(await world.pay())).toStrictEqual(['no AccountUpdate of creditor 0 came']);
  });

  it.each([
    ['stands still', 0n],
    ['is set back', -SECOND],
  ])('gives each request a greater ID than the one before, also while the clock %s', async (_, step) => {
    const world = await World.atWork();
    world.step = step;
    world.altered = toNobody;
    await world.pay();
    const ids = world.sent.flatMap((message) =>
      message.type === 'PrepareTransfer' ? [message.coordinatorRequestId] : [],
    );
    expect(ids).toHaveLength(2);
    expect(ids[1]).toBeGreaterThan(ids[0] as bigint);
  });

  it('heeds nothing of other currencies, where others prepare transfers', async () => {
    const world = await World.atWork();
    const opening = { debtorId: 1n, configFlags: 0, configData: '', ts: world.cloud.time };
    await world.cloud.send(
      aConfigureAccount({ ...opening, creditorId: 0n, negligibleAmount: 100 }),
      aConfigureAccount({ ...opening, creditorId: HOLDER_ID }),
    );
    const recipient = String(HOLDER_ID);
    await world.cloud.send(anIssuingTransfer({ recipient, ts: world.cloud.time }));
    const { counts } = await world.pay();
    expect(world.answers.map(({ debtorId, type }) => `${debtorId} ${type}`)).toContain('1 PreparedTransfer');
    expect(counts).toStrictEqual({ 'SyntheticPayment.completed': 1 });
    expect(world.sentTypes).toStrictEqual([
      'PrepareTransfer',
      'FinalizeTransfer',
      'PrepareTransfer',
      'FinalizeTransfer',
    ]);
  });
});
