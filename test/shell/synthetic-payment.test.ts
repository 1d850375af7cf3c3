/** The synthetic payment against the real shell and rules, with tables, streams and topics in memory. */

import { describe, expect, it } from 'vitest';
import type { IncomingMessage, OutgoingMessage } from '../../lib/protocol/messages.ts';
import { parseSettings } from '../../lib/shell/settings.ts';
import { HOLDER_ID, makeSyntheticPayment } from '../../lib/shell/synthetic-payment.ts';
import { NOW } from '../support/builders.ts';
import { TestTelemetry } from '../support/shell-surroundings.ts';
import { QuietCloud } from '../time/support/quiet-cloud.ts';

const DEBTOR_ID = 4294967295n;
const SECOND = 1_000_000n;

/** How long an invocation has. */
const PATIENCE_SECONDS = 60n;

class World {
  readonly sent: string[] = [];
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

  readonly #mailbox = {
    send: async (message: IncomingMessage) => {
      this.sent.push(message.type);
      await this.cloud.send(message);
    },
    receive: async () => {
      this.cloud.time += SECOND;
      return this.#answers.splice(0, 10);
    },
  };

  async pay(): Promise<TestTelemetry> {
    const telemetry = new TestTelemetry();
    const end = this.cloud.time + PATIENCE_SECONDS * SECOND;
    this.sent.length = 0;
    await makeSyntheticPayment(DEBTOR_ID, {
      mailbox: this.#mailbox,
      surroundings: { now: () => this.cloud.time },
      telemetry,
      hasTime: () => this.cloud.time < end,
    });
    return telemetry;
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

const NOTHING_LEFT = { '0': 0n, [`${HOLDER_ID}`]: 0n };

describe('A synthetic payment', () => {
  it('opens its accounts at the first time, and completes', async () => {
    const world = new World();
    const { counts, phases } = await world.pay();
    expect([counts, [...phases], world.sent, world.principals]).toStrictEqual([
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
    const world = new World();
    await world.pay();
    const { counts } = await world.pay();
    expect([counts, world.sent, world.principals]).toStrictEqual([
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
    const world = new World();
    await world.pay();
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
    const world = new World();
    await world.pay();
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

  it('heeds nothing of other currencies', async () => {
    const world = new World();
    await world.pay();
    await world.cloud.send({
      type: 'ConfigureAccount',
      debtorId: 1n,
      creditorId: HOLDER_ID,
      negligibleAmount: 0,
      configFlags: 0,
      configData: '',
      ts: world.cloud.time,
      seqnum: 0,
    });
    const { counts } = await world.pay();
    expect(counts).toStrictEqual({ 'SyntheticPayment.completed': 1 });
  });
});
