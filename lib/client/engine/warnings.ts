/** Says in one line what a user should know though no call failed. */

import type { ClientEvent } from './notices.ts';

/** The warning of an event, or `undefined` for events that are none. */
export function warningOf(event: ClientEvent): string | undefined {
  switch (event.kind) {
    case 'unanswered':
      return (
        `${event.request} for the account ${event.about} had no answer and was sent again (${event.sentCount} times by now). ` +
        'The authority may not run, may have ignored it, or its answers do not reach this queue.'
      );
    case 'set-aside':
      return `A message was kept in the store and not processed: ${event.reason}.`;
    case 'trouble':
      return `A call failed and is repeated: ${String(event.error)}`;
    case 'transfer':
    case 'account':
    case 'entry':
    case 'message':
      return undefined;
    default:
      return event satisfies never;
  }
}
