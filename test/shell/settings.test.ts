/** The settings of an operator: defaults, units, bounds, and their way through the environment of the functions. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkSettings,
  InvalidSettingError,
  parseSettings,
  SETTING_DEFINITIONS,
  settingsToEnvironment,
} from '../../lib/shell/settings.ts';

describe('settings', () => {
  it('have the defaults of the specification, in seconds', () => {
    expect(parseSettings({})).toStrictEqual({
      messageMaxDelaySeconds: 604_800,
      heartbeatSeconds: 604_800,
      reminderSeconds: 604_800,
      commitPeriodSeconds: 7_776_000,
      minCapitalizationSeconds: 1_209_600,
      maxInterestToPrincipalRatio: 0.0001,
      deletionAttemptsMinSeconds: 1_209_600,
      intranetExtremeDelaySeconds: 1_209_600,
      accountsScanSeconds: 28_800,
      preparedTransfersScanSeconds: 86_400,
      sweepWritesPerSecond: 500,
      accountUpdateDelaySeconds: 120,
    });
  });

  it.each([
    ['APP_MESSAGE_MAX_DELAY_DAYS', '0.5', 'messageMaxDelaySeconds', 43_200],
    ['APP_ACCOUNT_HEARTBEAT_DAYS', '10', 'heartbeatSeconds', 864_000],
    ['APP_PREPARED_TRANSFER_REMAINDER_DAYS', ' 8.25 ', 'reminderSeconds', 712_800],
    ['APP_PREPARED_TRANSFER_MAX_DELAY_DAYS', '30', 'commitPeriodSeconds', 2_592_000],
    ['APP_MIN_INTEREST_CAPITALIZATION_DAYS', '1e-3', 'minCapitalizationSeconds', 86.4],
    ['APP_MAX_INTEREST_TO_PRINCIPAL_RATIO', '0', 'maxInterestToPrincipalRatio', 0],
    ['APP_DELETION_ATTEMPTS_MIN_DAYS', '.5', 'deletionAttemptsMinSeconds', 43_200],
    ['APP_MESSAGE_MAX_DELAY_DAYS', '.25', 'messageMaxDelaySeconds', 21_600],
    ['APP_MESSAGE_MAX_DELAY_DAYS', '1e1', 'messageMaxDelaySeconds', 864_000],
    ['APP_INTRANET_EXTREME_DELAY_DAYS', '+2', 'intranetExtremeDelaySeconds', 172_800],
    ['APP_ACCOUNTS_SCAN_HOURS', '0.0005', 'accountsScanSeconds', 1.8],
    ['APP_PREPARED_TRANSFERS_SCAN_DAYS', '0.00002', 'preparedTransfersScanSeconds', 1.728],
    ['APP_SWEEP_WRITES_PER_SECOND', '20', 'sweepWritesPerSecond', 20],
    ['APP_ACCOUNT_UPDATE_DELAY_SECONDS', '0', 'accountUpdateDelaySeconds', 0],
  ] as const)('%s = %s is read in its own unit', (name, text, key, seconds) => {
    expect(parseSettings({ [name]: text })[key]).toBeCloseTo(seconds, 9);
  });

  it.each(['', ' '])('take their default where they are empty (%j)', (text) => {
    expect(parseSettings({ APP_MESSAGE_MAX_DELAY_DAYS: text }).messageMaxDelaySeconds).toBe(604_800);
  });

  it.each([
    ['APP_ACCOUNT_HEARTBEAT_DAYS', 'heartbeatSeconds'],
    ['APP_PREPARED_TRANSFER_REMAINDER_DAYS', 'reminderSeconds'],
  ] as const)('%s is never less than the maximum message delay', (name, key) => {
    const settings = parseSettings({ APP_MESSAGE_MAX_DELAY_DAYS: '3', [name]: '1' });
    expect(settings[key]).toBe(259_200);
    expect(parseSettings({ APP_MESSAGE_MAX_DELAY_DAYS: '0', [name]: '1' })[key]).toBe(86_400);
  });

  it.each([
    ['no number', 'soon'],
    ['not a number', 'NaN'],
    ['infinite', 'Infinity'],
    ['negative', '-0.1'],
    ['beyond the calendar of int32 seconds', '24855.1'],
    ['with a comma', '1,5'],
    ['with its unit', '7d'],
    ['in another base', '0x10'],
    ['in binary', '0b11'],
  ])('are refused when they are %s', (_, text) => {
    expect(() => parseSettings({ APP_MESSAGE_MAX_DELAY_DAYS: text })).toThrow(
      new InvalidSettingError(
        `APP_MESSAGE_MAX_DELAY_DAYS is ${JSON.stringify(text)}; it must be a number from 0 to 24855.`,
      ),
    );
  });

  it.each([
    ['APP_ACCOUNTS_SCAN_HOURS', '0'],
    ['APP_ACCOUNTS_SCAN_HOURS', '8761'],
    ['APP_PREPARED_TRANSFERS_SCAN_DAYS', '0'],
    ['APP_PREPARED_TRANSFERS_SCAN_DAYS', '366'],
    ['APP_ACCOUNT_UPDATE_DELAY_SECONDS', '901'],
    ['APP_MAX_INTEREST_TO_PRINCIPAL_RATIO', '-1'],
  ])('are refused beyond their bounds: %s = %s', (name, text) => {
    expect(() => parseSettings({ [name]: text })).toThrow(InvalidSettingError);
  });

  const FOR_TRIALS = ' For trials, npm start -- --allow-unsafe-settings accepts it.';

  it.each([
    [
      'heartbeats at long intervals',
      { APP_ACCOUNT_HEARTBEAT_DAYS: '400' },
      'APP_ACCOUNT_HEARTBEAT_DAYS is 400; it must be at most 14 (SMP 2.1, section 6).',
    ],
    [
      'heartbeats that a late message may overtake',
      { APP_ACCOUNT_HEARTBEAT_DAYS: '6.5' },
      'APP_ACCOUNT_HEARTBEAT_DAYS is 6.5; it must not be less than the maximum delay, and APP_MESSAGE_MAX_DELAY_DAYS is 7 (SMP 2.1, section 6).',
    ],
    [
      'reminders that a late message may overtake',
      { APP_PREPARED_TRANSFER_REMAINDER_DAYS: '1', APP_MESSAGE_MAX_DELAY_DAYS: '2' },
      'APP_PREPARED_TRANSFER_REMAINDER_DAYS is 1; it must not be less than the maximum delay, and APP_MESSAGE_MAX_DELAY_DAYS is 2 (SMP 2.1, section 6).',
    ],
    [
      'a maximum delay that puts heartbeats off for too long',
      { APP_MESSAGE_MAX_DELAY_DAYS: '15' },
      'APP_MESSAGE_MAX_DELAY_DAYS is 15; it must be at most 14, since heartbeats are at least so far apart, and never farther (SMP 2.1, section 6).',
    ],
    [
      'a purge before ttl has passed',
      { APP_PREPARED_TRANSFER_MAX_DELAY_DAYS: '2', APP_INTRANET_EXTREME_DELAY_DAYS: '3' },
      'APP_PREPARED_TRANSFER_MAX_DELAY_DAYS is 2 and APP_INTRANET_EXTREME_DELAY_DAYS is 3, so deleted accounts are purged after 7 days; that must be later than the maximum delay, and APP_MESSAGE_MAX_DELAY_DAYS is 7 (SMP 2.1, section 7).',
    ],
    [
      'a sweep that is too seldom for its heartbeats',
      { APP_ACCOUNTS_SCAN_HOURS: '169' },
      'APP_ACCOUNTS_SCAN_HOURS is 169, and APP_ACCOUNT_HEARTBEAT_DAYS is 7; the sweep must come at least as often as the heartbeats that it sends.',
    ],
    [
      'a sweep that is too seldom for its reminders',
      { APP_PREPARED_TRANSFERS_SCAN_DAYS: '8' },
      'APP_PREPARED_TRANSFERS_SCAN_DAYS is 8, and APP_PREPARED_TRANSFER_REMAINDER_DAYS is 7; the sweep must come at least as often as the reminders that it sends.',
    ],
  ])('that contradict the protocol are refused: %s', (_, source, sentence) => {
    expect(() => checkSettings(source)).toThrow(new InvalidSettingError(`${sentence}${FOR_TRIALS}`));
  });

  it.each([
    ['none', {}],
    [
      'a longer maximum delay, which the defaults of heartbeats and reminders follow',
      { APP_MESSAGE_MAX_DELAY_DAYS: '14' },
    ],
    [
      'a longer maximum delay beside a heartbeat that is only a blank, as good as none',
      { APP_MESSAGE_MAX_DELAY_DAYS: '14', APP_ACCOUNT_HEARTBEAT_DAYS: ' ' },
    ],
    ['the longest heartbeat', { APP_ACCOUNT_HEARTBEAT_DAYS: '14' }],
    ['heartbeats as far apart as the maximum delay', { APP_ACCOUNT_HEARTBEAT_DAYS: '7' }],
    [
      'a purge just after ttl has passed',
      { APP_PREPARED_TRANSFER_MAX_DELAY_DAYS: '2.01', APP_INTRANET_EXTREME_DELAY_DAYS: '3' },
    ],
    [
      'sweeps as often as what they send',
      { APP_ACCOUNTS_SCAN_HOURS: '168', APP_PREPARED_TRANSFERS_SCAN_DAYS: '7' },
    ],
  ])('that agree with the protocol are not refused: %s', (_, source) => {
    expect(() => checkSettings(source)).not.toThrow();
  });

  it('read their own environment back, whatever they are', () => {
    const source = fc.record(
      Object.fromEntries(
        SETTING_DEFINITIONS.map(({ name, min, max }) => [
          name,
          fc.double({ min, max, noNaN: true }).map((value) => String(value)),
        ]),
      ),
    );
    fc.assert(
      fc.property(source, (texts) => {
        const settings = parseSettings(texts);
        expect(parseSettings(settingsToEnvironment(settings))).toStrictEqual(settings);
      }),
    );
  });
});
