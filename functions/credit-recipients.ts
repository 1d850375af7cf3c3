/** Lambda handler: committed transfers from the stream of the transfers table, which its filter selects. */

import { creditRecords } from '../lib/shell/credit-recipients.ts';
import { invocationOf } from './runtime/invocations.ts';
import { streamHandler } from './runtime/stream-handler.ts';

export const handler = streamHandler('credit-recipients', (records, context) =>
  creditRecords(records, invocationOf(context)),
);
