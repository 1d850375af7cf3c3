import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { indexScanOrder } from '../../../lib/local/emulators/scan-order.ts';

describe('The order of scans', () => {
  it('has an index, so that a page of a table needs no sorting, also when it was made before', () => {
    const folder = mkdtempSync(join(tmpdir(), 'scan-order-'));
    try {
      const file = join(folder, 'tables.sqlite');
      const database = new DatabaseSync(file);
      database.exec('CREATE TABLE "Stack-Accounts" (pk TEXT, sk TEXT, item_json TEXT, hash_prefix TEXT)');
      database.close();
      indexScanOrder(file, ['Stack-Accounts']);
      indexScanOrder(file, ['Stack-Accounts']);
      const indexed = new DatabaseSync(file);
      const plan = indexed
        .prepare(
          'EXPLAIN QUERY PLAN SELECT item_json FROM "Stack-Accounts" WHERE hash_prefix > \'7f\' ORDER BY hash_prefix, pk, sk',
        )
        .all();
      expect(plan.map(({ detail }) => detail)).toStrictEqual([
        'SEARCH Stack-Accounts USING INDEX scan_order_Stack-Accounts (hash_prefix>?)',
      ]);
      indexed.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
