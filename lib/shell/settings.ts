/** The settings that an operator may change, with their defaults and bounds. The only place that reads them from text. */

import { purgeDelaySeconds } from '../rules/delete-account.ts';
import type { Settings } from '../rules/settings.ts';

/** All settings: those of the rules, and when the periodic work runs. Durations are in seconds. */
export interface OperationSettings extends Settings {
  /** The period of the sweep over all accounts. */
  readonly accountsScanSeconds: number;
  /** The period of the sweep over all transfers. */
  readonly preparedTransfersScanSeconds: number;
  /** How many items a sweep may change in a second. */
  readonly sweepWritesPerSecond: number;
}

interface SettingDefinition {
  readonly name: string;
  readonly key: keyof OperationSettings;
  readonly defaultValue: number;
  /** Both bounds are in the setting's own unit and inclusive. */
  readonly min: number;
  readonly max: number;
  readonly secondsInUnit: number;
  readonly meaning: string;
}

const SECOND = 1;
const HOUR = 3_600;
const DAY = 86_400;
/** Far beyond any use, and small enough that no sum with an instant leaves the calendar. */
const MAX_DAYS = 24_855;
/** Excludes forms like `0x10`, which are more likely mistakes than numbers. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** In the order of the documentation. */
export const SETTING_DEFINITIONS: readonly SettingDefinition[] = [
  days('APP_MESSAGE_MAX_DELAY_DAYS', 'messageMaxDelaySeconds', {
    defaultValue: 7,
    meaning: 'the longest time a message may be under way; also `ttl`',
  }),
  days('APP_ACCOUNT_HEARTBEAT_DAYS', 'heartbeatSeconds', {
    defaultValue: 7,
    meaning: 'repeat AccountUpdate when none was sent for so long',
  }),
  days('APP_PREPARED_TRANSFER_REMAINDER_DAYS', 'reminderSeconds', {
    defaultValue: 7,
    meaning: 'announce a prepared transfer again after so long',
  }),
  days('APP_PREPARED_TRANSFER_MAX_DELAY_DAYS', 'commitPeriodSeconds', {
    defaultValue: 90,
    meaning: 'how long a prepared transfer may be committed; also `commit_period`',
  }),
  days('APP_MIN_INTEREST_CAPITALIZATION_DAYS', 'minCapitalizationSeconds', {
    defaultValue: 14,
    meaning: 'the least time between two capitalizations',
  }),
  {
    name: 'APP_MAX_INTEREST_TO_PRINCIPAL_RATIO',
    key: 'maxInterestToPrincipalRatio',
    defaultValue: 0.0001,
    min: 0,
    max: 1e9,
    secondsInUnit: SECOND,
    meaning: 'capitalize interest when its share of the principal is greater',
  },
  days('APP_DELETION_ATTEMPTS_MIN_DAYS', 'deletionAttemptsMinSeconds', {
    defaultValue: 14,
    meaning: 'the least time between two attempts to delete an account',
  }),
  days('APP_INTRANET_EXTREME_DELAY_DAYS', 'intranetExtremeDelaySeconds', {
    defaultValue: 14,
    meaning: 'the longest time an internal message may be under way',
  }),
  {
    name: 'APP_ACCOUNTS_SCAN_HOURS',
    key: 'accountsScanSeconds',
    defaultValue: 8,
    min: 0.0001,
    max: 24 * 365,
    secondsInUnit: HOUR,
    meaning: 'the period of the sweep over all accounts',
  },
  {
    name: 'APP_PREPARED_TRANSFERS_SCAN_DAYS',
    key: 'preparedTransfersScanSeconds',
    defaultValue: 1,
    min: 0.00001,
    max: 365,
    secondsInUnit: DAY,
    meaning: 'the period of the sweep over all transfers',
  },
  {
    name: 'APP_SWEEP_WRITES_PER_SECOND',
    key: 'sweepWritesPerSecond',
    defaultValue: 500,
    min: 10,
    max: 100_000,
    secondsInUnit: SECOND,
    meaning: 'how many items each sweep changes in a second, at the most',
  },
  {
    name: 'APP_ACCOUNT_UPDATE_DELAY_SECONDS',
    key: 'accountUpdateDelaySeconds',
    defaultValue: 120,
    min: 0,
    max: 900,
    secondsInUnit: SECOND,
    meaning: 'how long balance changes wait after an AccountUpdate for the next one',
  },
];

/** A setting is not a number within its bounds, or contradicts another one. The message is one sentence for an operator. */
export class InvalidSettingError extends Error {
  override readonly name = 'InvalidSettingError';
}

type Source = Readonly<Record<string, string | undefined>>;
type Values = Readonly<Record<keyof OperationSettings, number>>;

/**
 * Reads all settings; what is absent or empty takes its default. Reminders and heartbeats are never more frequent
 * than the maximum message delay (SMP 2.1, section 6).
 * @throws {InvalidSettingError} for the first value that is not a number within its bounds
 */
export function parseSettings(source: Source): OperationSettings {
  const values = parseValues(source);
  return {
    ...values,
    heartbeatSeconds: Math.max(values.heartbeatSeconds, values.messageMaxDelaySeconds),
    reminderSeconds: Math.max(values.reminderSeconds, values.messageMaxDelaySeconds),
  };
}

function parseValues(source: Source): Values {
  return Object.fromEntries(
    SETTING_DEFINITIONS.map((definition) => [
      definition.key,
      parseSetting(definition, source[definition.name]),
    ]),
  ) as Record<keyof OperationSettings, number>;
}

/** Clients must hear of each account at least this often (SMP 2.1, section 6). */
const MAX_HEARTBEAT_DAYS = 14;

/**
 * Refuses settings that are numbers within their bounds, but together contradict the protocol. What is not given never does.
 * @throws {InvalidSettingError} for the first contradiction
 */
export function checkSettings(source: Source): void {
  const settings = parseSettings(source);
  const given = { ...settings, ...givenValues(source) };
  const sentence = contradictions(given).find((text) => text !== false);
  if (sentence !== undefined) {
    throw new InvalidSettingError(`${sentence} For trials, npm start -- --allow-unsafe-settings accepts it.`);
  }
}

/** The values as they were given, without what is made of them. */
function givenValues(source: Source): Partial<Values> {
  const values = parseValues(source);
  const isGiven = ({ name }: SettingDefinition): boolean => (source[name]?.trim() ?? '') !== '';
  return Object.fromEntries(SETTING_DEFINITIONS.filter(isGiven).map(({ key }) => [key, values[key]]));
}

function contradictions(settings: Values): (string | false)[] {
  const { messageMaxDelaySeconds, heartbeatSeconds, reminderSeconds } = settings;
  const is = (key: keyof OperationSettings): string => {
    const { name, secondsInUnit } = SETTING_DEFINITIONS.find(
      (definition) => definition.key === key,
    ) as SettingDefinition;
    return `${name} is ${settings[key] / secondsInUnit}`;
  };
  const maxDelay = `${is('messageMaxDelaySeconds')} (SMP 2.1, section`;
  const purgeSeconds = purgeDelaySeconds(settings);
  return [
    messageMaxDelaySeconds > MAX_HEARTBEAT_DAYS * DAY &&
      `${is('messageMaxDelaySeconds')}; it must be at most ${MAX_HEARTBEAT_DAYS}, since heartbeats are at least so far apart, and never farther (SMP 2.1, section 6).`,
    heartbeatSeconds > MAX_HEARTBEAT_DAYS * DAY &&
      `${is('heartbeatSeconds')}; it must be at most ${MAX_HEARTBEAT_DAYS} (SMP 2.1, section 6).`,
    heartbeatSeconds < messageMaxDelaySeconds &&
      `${is('heartbeatSeconds')}; it must not be less than the maximum delay, and ${maxDelay} 6).`,
    reminderSeconds < messageMaxDelaySeconds &&
      `${is('reminderSeconds')}; it must not be less than the maximum delay, and ${maxDelay} 6).`,
    purgeSeconds <= messageMaxDelaySeconds &&
      `${is('commitPeriodSeconds')} and ${is('intranetExtremeDelaySeconds')}, so deleted accounts are purged after ${purgeSeconds / DAY} days; that must be later than the maximum delay, and ${maxDelay} 7).`,
    settings.accountsScanSeconds > heartbeatSeconds &&
      `${is('accountsScanSeconds')}, and ${is('heartbeatSeconds')}; the sweep must come at least as often as the heartbeats that it sends.`,
    settings.preparedTransfersScanSeconds > reminderSeconds &&
      `${is('preparedTransfersScanSeconds')}, and ${is('reminderSeconds')}; the sweep must come at least as often as the reminders that it sends.`,
  ];
}

/** The environment of a function: the same names, so that `parseSettings` reads back equal settings. */
export function settingsToEnvironment(settings: OperationSettings): Record<string, string> {
  return Object.fromEntries(
    SETTING_DEFINITIONS.map(({ name, key, secondsInUnit }) => [name, String(settings[key] / secondsInUnit)]),
  );
}

function days(
  name: string,
  key: keyof OperationSettings,
  rest: Pick<SettingDefinition, 'defaultValue' | 'meaning'>,
): SettingDefinition {
  return { name, key, ...rest, min: 0, max: MAX_DAYS, secondsInUnit: DAY };
}

function parseSetting(
  { name, defaultValue, min, max, secondsInUnit }: SettingDefinition,
  text: string | undefined,
): number {
  const trimmed = text?.trim() ?? '';
  const value = trimmed === '' ? defaultValue : DECIMAL.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new InvalidSettingError(
      `${name} is ${JSON.stringify(text)}; it must be a number from ${min} to ${max}.`,
    );
  }
  return value * secondsInUnit;
}
