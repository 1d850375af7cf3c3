/** encode: from an outgoing message to the body that is published. */

import { printMessage } from '../../../lib/protocol/codec.ts';
import type { OutgoingMessage } from '../../../lib/protocol/messages.ts';
import { projectAccount, projectRecord } from '../../../lib/rules/projection.ts';
import { aConfigRejection, aRejectedTransfer, DEFAULT_SETTINGS, NOW } from '../../support/builders.ts';
import { measureCase, SAMPLE_SIZE } from './measured-case.ts';
import { accountImages, transferImages } from './samples.ts';

const { prepared, committed, credited } = transferImages();
const ACCOUNTS = accountImages();

/** The same number of each type. */
const MESSAGES: readonly OutgoingMessage[] = [
  ...[...prepared, ...committed, ...credited].flatMap(({ before, after }) => projectRecord(before, after)),
  ...ACCOUNTS.flatMap(({ before, after }) => projectAccount({ before, after }, NOW, DEFAULT_SETTINGS)),
  ...ACCOUNTS.flatMap(({ before }) => projectAccount({ before, after: undefined }, NOW, DEFAULT_SETTINGS)),
  ...Array.from({ length: SAMPLE_SIZE }, (_, index) => BigInt(index)).flatMap((number) => [
    ...projectRecord(undefined, aRejectedTransfer({ transferId: number })),
    ...projectRecord(undefined, aConfigRejection({ transferId: -number })),
  ]),
];

for (const [type, messages] of Map.groupBy(MESSAGES, (message) => message.type)) {
  measureCase(`encode ${type}`, messages, printMessage);
}
