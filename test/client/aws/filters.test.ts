/** Which messages a role subscribes to: all of its own, and none of others. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coordinator,
  creditor,
  type FilterPolicy,
  forCreditorRange,
  forRole,
  issuer,
} from '../../../lib/client/client.ts';
import { printRoutingKey } from '../../../lib/client/messages.ts';

const RANGE_START = -(2n ** 40n);

describe('the subscriptions of', () => {
  it.each([
    [
      'a creditor',
      creditor(-2n),
      [
        { topic: 'to_creditors', filter: { creditor_id: ['-2'] } },
        { topic: 'to_coordinators', filter: { coordinator_type: ['direct'], coordinator_id: ['-2'] } },
      ],
    ],
    [
      'an issuer',
      issuer(7n),
      [
        { topic: 'to_debtors', filter: { debtor_id: ['7'] } },
        { topic: 'to_coordinators', filter: { coordinator_type: ['issuing'], coordinator_id: ['7'] } },
      ],
    ],
    [
      'a coordinator',
      coordinator('agent', 2n ** 40n),
      [
        {
          topic: 'to_coordinators',
          filter: { coordinator_type: ['agent'], coordinator_id: ['1099511627776'] },
        },
      ],
    ],
  ])('%s name it', (_who, role, subscriptions) => {
    expect(forRole(role)).toStrictEqual(subscriptions);
  });

  it('all creditors of an agent are one prefix', () => {
    const keys = [{ prefix: 'ff.ff.ff' }];
    expect(forCreditorRange(RANGE_START, -1n)).toStrictEqual([
      { topic: 'to_creditors', filter: { routing_key: keys } },
      { topic: 'to_coordinators', filter: { coordinator_type: ['direct'], routing_key: keys } },
    ]);
  });

  it('a range are exactly its IDs', () => {
    const near = fc.bigInt({ min: -300n, max: 300n }).map((id) => BigInt.asIntN(64, 2n ** 63n + id));
    fc.assert(
      fc.property(near, near, near, (one, other, id) => {
        const [first = 0n, last = 0n] = [one, other].sort((a, b) => (unsigned(a) < unsigned(b) ? -1 : 1));
        fc.pre(first !== last);
        const [subscribing] = forCreditorRange(first, last);
        const isIn = unsigned(id) >= unsigned(first) && unsigned(id) <= unsigned(last);
        expect(accepts(subscribing?.filter ?? {}, printRoutingKey(id))).toBe(isIn);
      }),
    );
  });

  it('a range that SNS can not tell from others are refused', () => {
    expect(() => forCreditorRange(1n, 2n ** 62n + 2n ** 61n)).toThrow(/the range needs \d+ prefixes/);
    expect(() => forCreditorRange(2n, 1n)).toThrow(RangeError);
  });
});

function unsigned(id: bigint): bigint {
  return BigInt.asUintN(64, id);
}

function accepts({ routing_key = [] }: FilterPolicy, key: string): boolean {
  return routing_key.some((value) =>
    typeof value === 'string' ? key === value : 'prefix' in value && key.startsWith(value.prefix),
  );
}
