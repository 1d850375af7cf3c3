/** A pace that holds up nothing, for tests of what a sweep does with a page. */

import type { Invocation } from '../../lib/shell/invocation.ts';
import { SweepPace } from '../../lib/shell/sweep-pace.ts';

export function anyPace(invocation: Invocation): SweepPace {
  return new SweepPace(invocation, {
    writesPerSecond: Number.POSITIVE_INFINITY,
    totalSegments: 1,
    waitsForTables: true,
  });
}
