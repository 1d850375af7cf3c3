/** What functions of a newer release write, while they run side by side with this one's: more than this release knows. */

import type { Item } from '../../../lib/storage/fields.ts';
import type { WriteRequest } from './simulated-tables.ts';

/** Attributes that hold several values, to which newer releases add values at their end. */
const PACKED_ATTRIBUTES = [
  'request',
  'rejection',
  'preparation',
  'finalization',
  'payment',
  'senderEntry',
  'recipientEntry',
];
const ADDED_ATTRIBUTE = 'newerAttribute';
const ADDED_WORDS = ' newer words';

/** The same write, with what the newer release adds to the item. What is there already stays as it is. */
export function asNewerRelease(write: WriteRequest): WriteRequest {
  if (write.Put === undefined) {
    return write;
  }
  const item = { [ADDED_ATTRIBUTE]: { L: [{ BOOL: true }] }, ...write.Put.Item } as Item;
  for (const name of PACKED_ATTRIBUTES) {
    const value = item[name];
    if (typeof value === 'string' && !value.endsWith(ADDED_WORDS)) {
      item[name] = value + ADDED_WORDS;
    }
  }
  return { Put: { ...write.Put, Item: item } };
}
