/** Which setting decides when which rule applies: its own one, whatever the others are. */

import { describe, expect, it } from 'vitest';
import { runAccountChores } from '../../lib/rules/account-chores.ts';
import { adoptTerms } from '../../lib/rules/adopt-terms.ts';
import { capitalizeInterest } from '../../lib/rules/capitalize-interest.ts';
import { configureAccount } from '../../lib/rules/configure-account.ts';
import { attemptDeletion } from '../../lib/rules/delete-account.ts';
import type { Settings } from '../../lib/rules/settings.ts';
import { transferChore } from '../../lib/rules/transfer-chores.ts';
import {
  aConfigureAccount,
  anAccount,
  aPreparation,
  aSnapshot,
  aTransfer,
  DEFAULT_SETTINGS,
  NO_TERMS,
  NOW,
} from '../support/builders.ts';

/** 20 seconds before now. */
const RECENTLY = 1_799_999_980_000_000n;
/** 20 seconds and a day before now. */
const YESTERDAY = 1_799_913_580_000_000n;

type Durations = Exclude<keyof Settings, 'maxInterestToPrincipalRatio'>;

/** All durations of so many seconds, but one of others. */
function settings(seconds: number, key: Durations, ownSeconds: number): Settings {
  return {
    ...DEFAULT_SETTINGS,
    messageMaxDelaySeconds: seconds,
    heartbeatSeconds: seconds,
    reminderSeconds: seconds,
    commitPeriodSeconds: seconds,
    minCapitalizationSeconds: seconds,
    deletionAttemptsMinSeconds: seconds,
    intranetExtremeDelaySeconds: seconds,
    [key]: ownSeconds,
  };
}

describe('a duration', () => {
  it.each<[string, Durations, (settings: Settings) => boolean]>([
    [
      'a heartbeat',
      'heartbeatSeconds',
      (settings) =>
        runAccountChores(
          anAccount({
            announcedAt: RECENTLY,
            lastCapitalizationTs: NOW,
            commitPeriod: settings.commitPeriodSeconds,
          }),
          NO_TERMS,
          {
            now: NOW,
            settings,
          },
        ).done.includes('heartbeat'),
    ],
    [
      'a reminder',
      'reminderSeconds',
      (settings) =>
        transferChore(aTransfer({ preparation: aPreparation({ announcedAt: RECENTLY }) }), NOW, settings)
          .kind === 'remind',
    ],
    [
      'a change of the interest rate',
      'messageMaxDelaySeconds',
      (settings) =>
        adoptTerms(
          anAccount({ lastInterestRateChangeTs: YESTERDAY }),
          { ...NO_TERMS, rate: 5 },
          { now: NOW, settings },
        ).interestRate === 5,
    ],
    [
      'a capitalization',
      'minCapitalizationSeconds',
      (settings) =>
        capitalizeInterest(anAccount({ interest: 5, lastCapitalizationTs: RECENTLY }), NOW, settings) !==
        undefined,
    ],
    [
      'the refusal to create an account',
      'messageMaxDelaySeconds',
      (settings) =>
        configureAccount(aSnapshot({ account: undefined }), aConfigureAccount({ ts: RECENTLY }), {
          now: NOW,
          settings,
        }).outcome.kind === 'ignored',
    ],
    [
      'another attempt of deletion',
      'deletionAttemptsMinSeconds',
      (settings) =>
        attemptDeletion(
          anAccount({ configFlags: 1, lastDeletionAttemptTs: RECENTLY, lastConfigTs: 0n }),
          NOW,
          settings,
        ) !== undefined,
    ],
    [
      'a deletion after a configuration',
      'messageMaxDelaySeconds',
      (settings) =>
        attemptDeletion(
          anAccount({ configFlags: 1, lastDeletionAttemptTs: 0n, lastConfigTs: RECENTLY }),
          NOW,
          settings,
        ) !== undefined,
    ],
  ])('decides when %s is due: %s, and no other', (_what, key, isDue) => {
    expect(isDue(settings(1_000_000_000, key, 10))).toBe(true);
    expect(isDue(settings(10, key, 1_000_000_000))).toBe(false);
  });
});
