/** Reads the benchmark's options. */

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CASES } from './cases.ts';
import { type Load, pace, underWay } from './load.ts';
import { readOutputs } from './stack-outputs.ts';
import { PARTS, type Part, type SuiteOptions } from './suite-options.ts';

export class OptionError extends Error {
  override readonly name = 'OptionError';
}

/** All but what is shown. */
export type ReadOptions = Omit<SuiteOptions, 'environment' | 'onProgress' | 'onResult'>;

/** @throws {Error} for people, when an option is unknown or wrong */
export function parseOptions(args: readonly string[]): ReadOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      all: { type: 'boolean', default: false },
      part: { type: 'string', multiple: true },
      case: { type: 'string', multiple: true },
      'under-way': { type: 'string', multiple: true, default: [] },
      pace: { type: 'string', multiple: true, default: [] },
      transfers: { type: 'string' },
      repeat: { type: 'string', default: '1' },
      divide: { type: 'string', default: '1' },
      accounts: { type: 'string', default: '1000000' },
      outputs: { type: 'string' },
      endpoint: { type: 'string' },
      folder: { type: 'string', default: '.bench' },
      'cpu-prof': { type: 'string' },
    },
  });
  const { all, outputs, endpoint } = values;
  if (endpoint !== undefined && outputs === undefined) {
    throw new OptionError('--endpoint needs --outputs, the file with the outputs of the stack there.');
  }
  if (outputs !== undefined && !existsSync(outputs)) {
    throw new OptionError(`--outputs is ${outputs}, and there is no such file.`);
  }
  const names = CASES.map(({ name }) => name);
  const parts = values.part?.map((part) => oneOf('--part', part, PARTS) as Part);
  const loads: readonly Load[] = [
    ...values.pace.map((text) => pace(positive('--pace', text, /^\d{1,6}(\.\d{1,3})?$/))),
    ...values['under-way'].map((text) => underWay(positive('--under-way', text))),
  ];
  return {
    parts: new Set(parts ?? (all ? PARTS : ['loads'])),
    cases: values.case && new Set(values.case.map((name) => oneOf('--case', name, names))),
    loads: loads.length === 0 ? undefined : loads,
    transfers: values.transfers === undefined ? undefined : positive('--transfers', values.transfers),
    isWhole: all,
    repetitions: positive('--repeat', values.repeat),
    divisor: positive('--divide', values.divide),
    maxAccounts: positive('--accounts', values.accounts),
    stack: outputs === undefined ? undefined : readOutputs(outputs, endpoint),
    folder: values.folder,
    profileFolder: values['cpu-prof'],
  };
}

function oneOf(flag: string, value: string, allowed: readonly string[]): string {
  if (!allowed.includes(value)) {
    throw new OptionError(`${flag} is ${JSON.stringify(value)}; it must be one of ${allowed.join(', ')}.`);
  }
  return value;
}

const WHOLE_NUMBER = /^[1-9]\d{0,8}$/;

function positive(flag: string, value: string, pattern = WHOLE_NUMBER): number {
  const number = Number(value);
  if (!pattern.test(value) || number <= 0) {
    const kind = pattern === WHOLE_NUMBER ? 'a whole number from 1' : 'a number above 0';
    throw new OptionError(`${flag} is ${JSON.stringify(value)}; it must be ${kind}.`);
  }
  return number;
}
