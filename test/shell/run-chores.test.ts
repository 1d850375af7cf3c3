/** Chores: the deferred AccountUpdates of accounts whose delay has passed (SMP 2.1, section 4). */

import { describe, expect, it } from 'vitest';
import type { AccountKey } from '../../lib/rules/account.ts';
import { printChore } from '../../lib/shell/chore-queue.ts';
import { runChores } from '../../lib/shell/run-chores.ts';
import { CommitConflictError, StoreUnavailableError } from '../../lib/storage/errors.ts';
import { anAccount, CREDITOR_ID, DEBTOR_ID, NOW, RECIPIENT_ID } from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { ENOUGH_TIME, TestSurroundings, TestTelemetry } from '../support/shell-surroundings.ts';

const KEY = { debtorId: DEBTOR_ID, creditorId: CREDITOR_ID };
const OTHER = { debtorId: DEBTOR_ID, creditorId: RECIPIENT_ID };
const SINCE = NOW - 120_000_000n;
const PENDING = anAccount({ principal: 7n, pendingUpdateSince: SINCE });

class World {
  readonly ledger = new MemoryLedger();
  readonly surroundings = new TestSurroundings();
  readonly telemetry = new TestTelemetry();
  hasTime = ENOUGH_TIME;

  run(...accounts: readonly AccountKey[]): Promise<readonly string[]> {
    return this.runBodies(...accounts.map((account) => printChore({ account, since: SINCE })));
  }

  runBodies(...bodies: readonly string[]): Promise<readonly string[]> {
    const { surroundings, telemetry } = this;
    const deliveries = bodies.map((body, index) => ({ messageId: `m${index}`, body }));
    const { store } = this.ledger;
    return runChores(deliveries, anInvocation({ store, surroundings, telemetry, hasTime: this.hasTime }));
  }
}

describe('a chore', () => {
  it('announces what has changed, with one read and one write', async () => {
    const world = new World();
    world.ledger.put(PENDING);
    expect(await world.run(KEY)).toStrictEqual([]);
    expect(world.ledger.account(KEY)).toStrictEqual({
      ...PENDING,
      version: PENDING.version + 1n,
      announcedAt: NOW,
      pendingUpdateSince: undefined,
    });
    expect(world.ledger.calls).toStrictEqual([
      { operation: 'read', table: 'Accounts', isConsistent: true, size: 1 },
      { operation: 'write', table: 'Accounts', isConsistent: true, size: 1 },
    ]);
    expect(world.telemetry.counts).toStrictEqual({ Commits: 1 });
  });

  it('does nothing when there is nothing to announce, or no such account', async () => {
    const world = new World();
    world.ledger.put(anAccount());
    expect(await world.run(KEY, OTHER)).toStrictEqual([]);
    expect(world.ledger.writes).toStrictEqual([]);
    expect(world.telemetry.counts).toStrictEqual({});
  });

  it('leaves what became pending later to the chore that was sent for it', async () => {
    const world = new World();
    const later = { ...PENDING, pendingUpdateSince: SINCE + 1n };
    world.ledger.put(later);
    expect(await world.run(KEY)).toStrictEqual([]);
    expect(world.ledger.account(KEY)).toStrictEqual(later);
    const bodies = [SINCE, SINCE + 1n, SINCE - 1n].map((since) => printChore({ account: KEY, since }));
    expect(await world.runBodies(...bodies)).toStrictEqual([]);
    expect(world.ledger.account(KEY)).toMatchObject({ announcedAt: NOW, pendingUpdateSince: undefined });
    expect(world.ledger.writes).toHaveLength(1);
  });

  it('is left to another invocation when there is no time', async () => {
    const world = new World();
    world.ledger.put(PENDING);
    world.hasTime = () => false;
    expect(await world.run(KEY, KEY)).toStrictEqual(['m0', 'm1']);
    expect(world.ledger.writes).toStrictEqual([]);
    expect(world.telemetry.counts).toStrictEqual({ 'Chores.postponed': 2 });
  });

  it('that comes twice in a batch announces once', async () => {
    const world = new World();
    world.ledger.put(PENDING);
    expect(await world.run(KEY, KEY)).toStrictEqual([]);
    expect(world.ledger.writes).toHaveLength(1);
  });

  it('looks again after a lost race', async () => {
    const world = new World();
    world.ledger.put(PENDING);
    world.ledger.failWrites('before', (number) => (number === 0 ? new CommitConflictError(KEY) : undefined));
    expect(await world.run(KEY)).toStrictEqual([]);
    expect(world.ledger.account(KEY)?.pendingUpdateSince).toBeUndefined();
    expect(
      world.ledger.calls.map(({ operation, isConsistent }) => `${operation} ${isConsistent}`),
    ).toStrictEqual(['read true', 'write true', 'read true', 'write true']);
  });

  it('is read alone, consistently, when the first look at all of them fails', async () => {
    const world = new World();
    world.ledger.put(PENDING, anAccount({ ...PENDING, creditorId: RECIPIENT_ID }));
    world.ledger.intercept = (call, proceed) =>
      call.operation === 'read' && call.size > 1
        ? Promise.reject(new StoreUnavailableError('busy'))
        : proceed();
    expect(await world.run(KEY, OTHER)).toStrictEqual([]);
    expect(world.ledger.accounts.map(({ pendingUpdateSince }) => pendingUpdateSince)).toStrictEqual([
      undefined,
      undefined,
    ]);
    expect(world.telemetry.log).toStrictEqual([]);
  });

  it('announces once although the outcome of its write was unknown', async () => {
    const world = new World();
    world.ledger.put(PENDING);
    world.ledger.failWrites('after', (number) =>
      number === 0 ? new StoreUnavailableError('lost') : undefined,
    );
    expect(await world.run(KEY)).toStrictEqual([]);
    expect(world.ledger.writes).toHaveLength(1);
  });

  it('goes back to the queue, with its copies and without the others, when it fails again and again', async () => {
    const world = new World();
    world.ledger.put(PENDING, anAccount({ ...PENDING, creditorId: RECIPIENT_ID }));
    const busy = new StoreUnavailableError('busy');
    let isTaken = false;
    world.ledger.intercept = (call, proceed) => {
      if (call.operation === 'write' && !isTaken) {
        isTaken = true;
        return proceed();
      }
      return call.operation === 'write' ? Promise.reject(busy) : proceed();
    };
    const returned = await world.run(KEY, OTHER, KEY, OTHER);
    expect(returned.length).toBe(2);
    expect([
      ['m0', 'm2'],
      ['m1', 'm3'],
    ]).toContainEqual(returned);
    expect(world.telemetry.log[0]).toMatchObject({
      level: 'warn',
      message: 'A chore goes back to the queue.',
      details: { account: expect.stringMatching(/^1:109951162777[78]$/), error: busy },
    });
  });

  it('that can not be read goes back to the queue, and in the end to the dead letters', async () => {
    const world = new World();
    world.ledger.put(PENDING);
    expect(await world.runBodies('no chore', printChore({ account: KEY, since: SINCE }))).toStrictEqual([
      'm0',
    ]);
    expect(world.ledger.account(KEY)?.pendingUpdateSince).toBeUndefined();
    expect(world.telemetry.log).toMatchObject([
      { level: 'warn', details: { messageId: 'm0', error: { name: 'SyntaxError' } } },
    ]);
  });
});
