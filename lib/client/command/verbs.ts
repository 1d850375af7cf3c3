/** All verbs for clients, in the order of the help. */

import { CLOSE, CONFIGURE, OPEN } from './account-verbs.ts';
import { CURRENCY } from './currency-verb.ts';
import { ACCOUNTS, LEDGER, TRANSFERS } from './list-verbs.ts';
import { COMMIT, DISMISS, HOLD, ISSUE, PAY } from './payment-verbs.ts';
import { SEND } from './send-verb.ts';
import type { Verb } from './verb.ts';
import { WATCH } from './watch-verb.ts';

export const VERBS: readonly Verb[] = [
  OPEN,
  CONFIGURE,
  CLOSE,
  ISSUE,
  PAY,
  HOLD,
  COMMIT,
  DISMISS,
  ACCOUNTS,
  LEDGER,
  TRANSFERS,
  WATCH,
  CURRENCY,
  SEND,
];
