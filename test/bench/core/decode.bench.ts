/** decode: from the body of a queue's message to an incoming message. */

import { parseIncomingMessage, printMessage } from '../../../lib/protocol/codec.ts';
import { aConfigureAccount } from '../../support/builders.ts';
import { measureCase } from './measured-case.ts';
import { accountImages, finalizeBatches, prepareBatches } from './samples.ts';

const MESSAGES = [
  prepareBatches(1).flatMap(({ messages }) => messages),
  finalizeBatches(1).flatMap(({ messages }) => messages),
  accountImages().map(({ after: { debtorId, creditorId } }) => aConfigureAccount({ debtorId, creditorId })),
];

for (const messages of MESSAGES) {
  measureCase(`decode ${messages[0]?.type}`, messages.map(printMessage), parseIncomingMessage);
}
