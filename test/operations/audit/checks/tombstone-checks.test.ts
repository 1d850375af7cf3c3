/** What the audit expects of the tombstone of a purged account. */

import { expect, it } from 'vitest';
import { recordRangeFault } from '../../../../lib/operations/audit/checks/range-checks.ts';
import { recordFaults } from '../../../../lib/operations/audit/checks/transfer-checks.ts';
import { runAccountChores } from '../../../../lib/rules/account-chores.ts';
import type { Tombstone } from '../../../../lib/rules/transfer.ts';
import { aDeletedAccount, at, NO_TERMS, NOW } from '../../../support/builders.ts';

const { tombstone } = runAccountChores(
  aDeletedAccount({ deletedAt: 1_790_841_600_000_000n, creationDate: '2026-01-01' }),
  NO_TERMS,
  at(NOW),
);
const SOUND = tombstone as Tombstone;

it.each<readonly [string, string[], Partial<Tombstone>]>([
  ['as the purge has left it', [], {}],
  ['with the ID of another', ['requests'], { transferId: -1n }],
  ['that expires at once', ['transfer-steps'], { expiresAt: SOUND.purgedAt }],
])('A tombstone %s has these faults: %j', (_, checks, changes) => {
  expect(recordFaults({ ...SOUND, ...changes }).map(({ check }) => check)).toStrictEqual(checks);
});

it('A tombstone has a date and an instant', () => {
  expect(recordRangeFault(SOUND)).toBeUndefined();
  expect(recordRangeFault({ ...SOUND, creationDate: 'soon' })?.sentence).toContain('creationDate');
  expect(recordRangeFault({ ...SOUND, purgedAt: 1n << 62n })?.sentence).toContain('purgedAt');
});
