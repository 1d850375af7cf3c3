/** What a newer release has written is still there after this one's writes. */

import { isDeepStrictEqual } from 'node:util';
import type { Carrier } from '../../../lib/rules/carried.ts';
import { type CommitCheck, show } from './violation.ts';

export function unknownPartsAreKept(): CommitCheck {
  return ({ accounts, records }) => {
    for (const { before, after } of [...accounts, ...records]) {
      if (before !== undefined && after !== undefined && !hasAllOf(before, after)) {
        return {
          guarantee: 'What a newer release has added to an item is kept',
          details: `${show(before)} → ${show(after)}`,
        };
      }
    }
    return undefined;
  };
}

function hasAllOf({ carried: before }: Carrier, { carried: after }: Carrier): boolean {
  const parts = Object.entries({ ...before?.attributes, ...before?.words });
  const kept: Readonly<Record<string, unknown>> = { ...after?.attributes, ...after?.words };
  return parts.every(([name, value]) => isDeepStrictEqual(kept[name], value));
}
