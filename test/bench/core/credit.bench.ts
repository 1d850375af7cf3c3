/** credit: what committed transfers make of their recipient's account, by how many reach it together. */

import { measureCase } from './measured-case.ts';
import { BATCH_SIZES, creditBatch, creditBatches } from './samples.ts';

for (const size of BATCH_SIZES) {
  measureCase(`credit, ${size} at a time`, creditBatches(size), creditBatch, size);
}
