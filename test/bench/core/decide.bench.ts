/** decide: applies messages to one account, for different numbers of messages decided together. */

import { measureCase } from './measured-case.ts';
import { BATCH_SIZES, decideBatch, finalizeBatches, prepareBatches } from './samples.ts';

for (const size of BATCH_SIZES) {
  measureCase(`decide PrepareTransfer, ${size} at a time`, prepareBatches(size), decideBatch, size);
}
for (const size of BATCH_SIZES) {
  measureCase(`decide FinalizeTransfer, ${size} at a time`, finalizeBatches(size), decideBatch, size);
}
