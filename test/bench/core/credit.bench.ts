/** credit: applies committed transfers to the recipient's account, for different numbers of transfers together. */

import { measureCase } from './measured-case.ts';
import { BATCH_SIZES, creditBatch, creditBatches } from './samples.ts';

for (const size of BATCH_SIZES) {
  measureCase(`credit, ${size} at a time`, creditBatches(size), creditBatch, size);
}
