/** The settings that an operator may change: their defaults, bounds and units. */

import { describe, expect, it } from 'vitest';
import { parseSettings, settingsToEnvironment } from '../../lib/shell/settings.ts';

const DEFAULTS = {
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
  accountUpdateDelaySeconds: 120,
};

describe('settings', () => {
  it('have the defaults of the protocol, also where a value is empty', () => {
    expect(parseSettings({})).toStrictEqual(DEFAULTS);
    expect(parseSettings({ APP_MESSAGE_MAX_DELAY_DAYS: '', APP_ACCOUNTS_SCAN_HOURS: ' ' })).toStrictEqual(
      DEFAULTS,
    );
  });

  it('may have fractions', () => {
    expect(parseSettings({ APP_PREPARED_TRANSFER_MAX_DELAY_DAYS: '0.5' }).commitPeriodSeconds).toBe(43_200);
    expect(parseSettings({ APP_ACCOUNTS_SCAN_HOURS: '0.001' }).accountsScanSeconds).toBe(3.6);
  });

  it('never let reminders and heartbeats be more frequent than the maximum message delay', () => {
    const settings = parseSettings({
      APP_MESSAGE_MAX_DELAY_DAYS: '10',
      APP_ACCOUNT_HEARTBEAT_DAYS: '1',
      APP_PREPARED_TRANSFER_REMAINDER_DAYS: '11',
    });
    expect(settings).toStrictEqual({
      ...DEFAULTS,
      messageMaxDelaySeconds: 864_000,
      heartbeatSeconds: 864_000,
      reminderSeconds: 950_400,
    });
  });

  it.each(['x', '-1', 'NaN', '1e9', '1 day'])(
    'may not be %s, and say so with their name and bounds',
    (text) => {
      expect(() => parseSettings({ APP_MESSAGE_MAX_DELAY_DAYS: text })).toThrow(
        `APP_MESSAGE_MAX_DELAY_DAYS is ${JSON.stringify(text)}; it must be a number from 0 to 24855.`,
      );
    },
  );

  it('come back equal from the environment of a function', () => {
    const settings = parseSettings({
      APP_ACCOUNT_HEARTBEAT_DAYS: '9.25',
      APP_ACCOUNT_UPDATE_DELAY_SECONDS: '1',
    });
    expect(parseSettings(settingsToEnvironment(settings))).toStrictEqual(settings);
  });
});
