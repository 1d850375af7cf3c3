/** The real handlers keep nothing in memory. The benchmark notices when something is kept, or lost. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OTHER_DYNAMODB } from '../support/other-dynamodb.ts';
import type { Authority } from './authority.ts';
import { type DirectAuthority, startDirectAuthority } from './direct-authority.ts';
import { measureMemory } from './memory.ts';

const STRETCHES = { stretchCount: 3, transfersInStretch: 60 };
const COUNTED_MESSAGES = 3 * 60 * 2;

let direct: DirectAuthority;
beforeAll(async () => {
  direct = await startDirectAuthority({ batchSize: 1_000, accountUpdateDelaySeconds: 0 });
});
afterAll(() => direct.stop());

let nextDebtorId = -1;

function measure(authority: Authority, patienceMs: number) {
  const firstDebtorId = nextDebtorId;
  nextDebtorId -= STRETCHES.stretchCount;
  return measureMemory({ ...STRETCHES, authority, firstDebtorId, patienceMs, onProgress: () => {} });
}

describe.skipIf(OTHER_DYNAMODB !== undefined)('the measurement of memory', () => {
  it('finds it flat with the real handlers, and samples it after every stretch', async () => {
    const { faults, samples, growth } = await measure(direct, 20_000);
    expect(faults).toStrictEqual([]);
    expect(samples.map(({ messageCount }) => messageCount)).toStrictEqual([0, 120, 240, 360]);
    expect(growth?.endMB).toBe(samples.at(-1)?.inUseMB);
    for (const { inUseMB, peakResidentMB } of samples) {
      expect(peakResidentMB).toBeGreaterThan(inUseMB);
    }
  });

  it('notices when something is kept of every message, in the heap and outside of it', async () => {
    const kept: unknown[] = [];
    const { faults, growth } = await measure(
      {
        ...direct,
        send: async (bodies) => {
          for (const body of bodies.filter((body) => /"(Prepare|Finalize)Transfer"/.test(body))) {
            kept.push(
              Array.from({ length: 2_500 }, (_, index) => index + body.length / 2),
              Buffer.alloc(20_000),
            );
          }
          return direct.send(bodies);
        },
      },
      20_000,
    );
    expect(faults).toStrictEqual([expect.stringMatching(/^grew by \d+\.\d MB, /)]);
    // 20,000 bytes for each number and buffer; the messages that fund the accounts are as many as the counted ones.
    expect(kept).toHaveLength(2 * 2 * COUNTED_MESSAGES);
    expect((growth?.bytesPerMessage ?? 0) / 80_000).toBeCloseTo(1, 1);
  });

  it('fails when a message is lost, and goes no further', async () => {
    let isLost = false;
    const { faults, samples } = await measure(
      {
        ...direct,
        listen: (onMessage) =>
          direct.listen((body) => {
            if (isLost || !/"AccountTransfer".*"transfer_note":"119"/.test(body)) {
              onMessage(body);
            } else {
              isLost = true;
            }
          }),
      },
      // On a machine that is busy with other tests, nothing may come for seconds.
      10_000,
    );
    expect(faults).toStrictEqual(['stretch 1: 1 payments are not done, and nothing comes.']);
    expect(samples).toHaveLength(2);
  });
});
