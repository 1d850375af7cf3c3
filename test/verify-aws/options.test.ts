import { describe, expect, it } from 'vitest';
import { DeploymentError } from '../end-to-end/deployed/deployment-error.ts';
import { parseVerificationOptions } from './options.ts';

describe('The options of a verification', () => {
  it('are all steps on AWS, and a stack that does not stay', () => {
    expect(parseVerificationOptions([])).toStrictEqual({
      steps: new Set([
        'end-to-end',
        'latency',
        'conflict-billing',
        'cross-account',
        'retry-cadence',
        'loop-detection',
      ]),
      endpoint: undefined,
      secondProfile: undefined,
      keeps: false,
      reportFile: 'verification.md',
      payments: 120,
    });
  });

  it('are taken as given', () => {
    const args = ['--endpoint', 'http://127.0.0.1:4566', '--steps', 'latency,end-to-end', '--keep'];
    const more = ['--second-profile', 'other', '--payments', '7', '--report', 'found.md'];
    expect(parseVerificationOptions([...args, ...more])).toStrictEqual({
      steps: new Set(['latency', 'end-to-end']),
      endpoint: 'http://127.0.0.1:4566',
      secondProfile: 'other',
      keeps: true,
      reportFile: 'found.md',
      payments: 7,
    });
  });

  it.each([
    [
      ['--steps', 'latency,speed'],
      '--steps names "speed"; there are end-to-end, latency, conflict-billing, cross-account, retry-cadence, loop-detection.',
    ],
    [['--endpoint', '127.0.0.1:4566'], '--endpoint is "127.0.0.1:4566"; it must be a URL.'],
    [['--payments', '0'], '--payments is "0"; it must be a whole number from 1 to 10000.'],
    [['--fast'], "Unknown option '--fast'; see --help."],
  ])('that are wrong are told in one sentence: %j', (args, sentence) => {
    expect(() => parseVerificationOptions(args)).toThrow(new DeploymentError(sentence));
  });
});
