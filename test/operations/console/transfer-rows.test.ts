import { describe, expect, it } from 'vitest';
import { transferRows } from '../../../lib/operations/console/transfer-rows.ts';
import type { Transfer } from '../../../lib/rules/transfer.ts';
import {
  aCommittedTransfer,
  aDismissedTransfer,
  aPayment,
  aRejectedTransfer,
  aTransfer,
} from '../../support/builders.ts';

describe('A transfer of an account', () => {
  it.each<readonly [string, Transfer, string]>([
    ['what was paid', aCommittedTransfer({ payment: aPayment({ amount: 200n }) }), '200'],
    ['what is locked', aTransfer(), '100'],
    ['what was locked', aDismissedTransfer(), '100'],
    ['no amount, where the table does not keep what was asked for', aRejectedTransfer(), ''],
  ])('has %s', (_what, record, amount) => {
    expect(transferRows([record])).toMatchObject([{ status: record.status, amount }]);
  });
});
