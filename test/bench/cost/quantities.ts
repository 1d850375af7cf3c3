/** Numbers and rates as people write them: `10k`, `1M`, `50/s`, `2M/month`. */

import { SECONDS_IN_MONTH } from './cost-model.ts';

const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };
const PERIODS: Readonly<Record<string, number>> = {
  s: 1,
  min: 60,
  h: 3_600,
  day: 86_400,
  month: SECONDS_IN_MONTH,
};
const NUMBER = /^(\d+(?:\.\d+)?)([kMG]?)$/;

/** @throws {Error} for people, when it is no number */
export function parseNumber(flag: string, text: string): number {
  const [, digits, suffix = ''] = NUMBER.exec(text.replaceAll(',', '')) ?? [];
  if (digits === undefined) {
    throw new Error(`${flag} is ${JSON.stringify(text)}; it must be a number such as 1000, 10k or 1M.`);
  }
  return Number(digits) * (FACTORS[suffix] ?? 1);
}

/** In one second. @throws {Error} for people, when it is no rate above 0 */
export function parseRate(flag: string, text: string): number {
  const [amount = '', period = 's', ...rest] = text.split('/');
  const seconds = PERIODS[period];
  const rate = seconds === undefined || rest.length > 0 ? 0 : parseNumber(flag, amount) / seconds;
  if (rate <= 0) {
    throw new Error(
      `${flag} is ${JSON.stringify(text)}; it must be a rate above 0 such as 50/s, 1000/day or 2M/month.`,
    );
  }
  return rate;
}
