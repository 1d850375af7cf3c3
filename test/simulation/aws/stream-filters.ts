/** The event patterns of the stack's stream mappings, and what they let through. A test compares them with the stack's own. */

import { type EventFilter, parseEventFilter } from '../../../lib/local/lambda/event-filter.ts';

export const CREDIT_PATTERN = '{"dynamodb":{"NewImage":{"status":{"S":["committed"]}}}}';
export const TRANSFER_EVENTS_PATTERN = '{"eventName":["INSERT","MODIFY"]}';

export const isForCrediting: EventFilter = parseEventFilter([CREDIT_PATTERN]);
export const isTransferEvent: EventFilter = parseEventFilter([TRANSFER_EVENTS_PATTERN]);
