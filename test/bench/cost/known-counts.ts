/**
 * Counts known without running the benchmark. Units of the first two were measured by feeding the handlers directly; the rest
 * follows from how the stack batches: which message takes which call, receive, record and invocation.
 */

import type { CaseCounts } from './cost-model.ts';
import { LOG_BYTES_PER_INVOCATION } from './counted-case.ts';

export const KNOWN_COUNTS: readonly CaseCounts[] = [
  {
    name: 'isolated',
    // Measured. Two transactions of two items on the sender's side, one on the recipient's, and two announcements.
    writeUnits: 14,
    readUnits: 6,
    // The transfer's three images; two of the sender and one of the recipient, and one for each announcement.
    streamRecords: 8,
    // Two messages and two chores, each sent, received and deleted by itself.
    queueRequests: 12,
    // PreparedTransfer; FinalizedTransfer and AccountTransfer to different topics; AccountTransfer; two AccountUpdates.
    publishRequests: 6,
    httpDeliveries: 0,
    // Two for the messages, one for the credit, one for each record, two for the chores.
    invocations: 13,
    // 5 ms of CPU time on 0.58 of a processor each, and 20 ms of waiting where something is committed, 15 elsewhere.
    gigabyteSeconds: 0.332,
    logBytes: 13 * LOG_BYTES_PER_INVOCATION,
  },
  {
    name: 'burst',
    // Measured: 1,000 transfers from one sender to 100 recipients, in batches of 1,000.
    writeUnits: 6.2,
    readUnits: 1.65,
    streamRecords: 3.4,
    // Each message sent by itself, received and deleted in tens; 101 chores sent, received and deleted in tens.
    queueRequests: 2.43,
    // Four messages and a tenth of an AccountUpdate, in tens.
    publishRequests: 0.41,
    httpDeliveries: 0,
    // Fifteen for all: four with messages, three with credits, six with records, two with chores.
    invocations: 0.015,
    // 1 ms of CPU time on 0.58 of a processor, and 15 times 150 ms of waiting for 1,000 transfers.
    gigabyteSeconds: 0.004,
    logBytes: 0.015 * LOG_BYTES_PER_INVOCATION,
  },
  {
    name: 'many-to-one',
    // 8 on the senders' side as when isolated, 2 for the credit in a large batch (measured), 1 for the sender's announcement.
    writeUnits: 11,
    readUnits: 4,
    streamRecords: 6,
    queueRequests: 2.7,
    publishRequests: 0.5,
    httpDeliveries: 0,
    invocations: 0.02,
    // As in the burst, with a transaction more for each transfer on the senders' side, sixteen at once.
    gigabyteSeconds: 0.006,
    logBytes: 0.02 * LOG_BYTES_PER_INVOCATION,
  },
];
