/** What happens to single items besides the authority's own work: damage and its repair, and accounts filled by hand. */

import type { Item } from '../../lib/storage/fields.ts';
import { ACCOUNTS_TABLE } from '../../lib/storage/table-schema.ts';
import type { Cloud } from './aws/invocation.ts';
import type { ItemChange, SimulatedTables } from './aws/simulated-tables.ts';
import { OPERATOR } from './guarantees/locks.ts';
import { ACCOUNTS } from './history.ts';
import { HOUR, SECOND } from './scheduler.ts';

/** With so many prepared transfers an account takes no more. */
const MOST_PENDING = 2_147_483_647n;

export class Operator {
  readonly #cloud: Cloud;
  readonly #tables: SimulatedTables;

  constructor(cloud: Cloud, tables: SimulatedTables) {
    this.#cloud = cloud;
    this.#tables = tables;
    cloud.chaos.whenCalm(() => tables.damage.repairAll());
  }

  /** Some of the items that were just written are damaged for a while, some new accounts are filled. */
  watch(changes: readonly ItemChange[]): void {
    const { chaos } = this.#cloud;
    for (const change of changes) {
      if (change.after !== undefined && chaos.strikes('damage')) {
        this.#damage(change);
      }
      if (change.table === ACCOUNTS && change.before === undefined && isOrdinary(change)) {
        this.#fill(change);
      }
    }
  }

  #damage({ table, key }: ItemChange): void {
    const { scheduler, chaos, log } = this.#cloud;
    log.add('damaged', `${table} ${key}`);
    this.#tables.damage.begin(table, key);
    scheduler.after(chaos.random.spread(SECOND, 2 * HOUR), () => {
      log.add('repaired', `${table} ${key}`);
      this.#tables.damage.repair(table, key);
    });
  }

  /** An account that already has nearly as many prepared transfers as it may have; that takes years otherwise. */
  #fill({ key }: ItemChange): void {
    const { scheduler, chaos } = this.#cloud;
    if (!chaos.strikes('crowded')) {
      return;
    }
    const pendingCount = MOST_PENDING - BigInt(chaos.random.between(0, 2));
    const fill = (item: Item): Item => ({
      ...item,
      version: BigInt((item.version as bigint | undefined) ?? 0n) + 1n,
      pendingCount: BigInt((item.pendingCount as bigint | undefined) ?? 0n) + pendingCount,
    });
    scheduler.after(SECOND, () => {
      const by = { name: OPERATOR, startedAt: scheduler.now };
      this.#tables.amend(ACCOUNTS, key, fill, by);
    });
  }
}

function isOrdinary({ after }: ItemChange): boolean {
  return !String(after?.[ACCOUNTS_TABLE.partitionKey]).endsWith(':0');
}
