/** Counts of two kinds of transfers, for the tests of the cost model: one that shares nothing, and one of a burst. */

import type { CaseCounts } from './cost-model.ts';

export const ISOLATED: CaseCounts = {
  name: 'isolated',
  writeUnits: 14,
  readUnits: 6,
  streamRecords: 8,
  queueRequests: 12,
  publishRequests: 6,
  httpDeliveries: 0,
  invocations: 13,
  gigabyteSeconds: 0.332,
  logBytes: 19_500,
};

export const BURST: CaseCounts = {
  name: 'burst',
  writeUnits: 6.2,
  readUnits: 1.65,
  streamRecords: 3.4,
  queueRequests: 2.43,
  publishRequests: 0.41,
  httpDeliveries: 0,
  invocations: 0.015,
  gigabyteSeconds: 0.004,
  logBytes: 22.5,
};
