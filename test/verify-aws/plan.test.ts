import { describe, expect, it } from 'vitest';
import { planOf, STEP_NAMES, type StepName } from './plan.ts';

const ALL: ReadonlySet<StepName> = new Set(STEP_NAMES);

describe('The plan of a verification', () => {
  it('has every step on AWS with a second account', () => {
    const plan = planOf(ALL, { isEmulator: false, secondProfile: 'other' });
    expect(plan).toStrictEqual(STEP_NAMES.map((name) => ({ name, obstacle: undefined })));
  });

  it('says why there is no other account', () => {
    expect(planOf(new Set(['cross-account']), { isEmulator: false, secondProfile: undefined })).toStrictEqual(
      [{ name: 'cross-account', obstacle: 'no second account was given (--second-profile)' }],
    );
  });

  it('says what an emulator can not show, whatever was asked for', () => {
    const plan = planOf(ALL, { isEmulator: true, secondProfile: 'other' });
    expect(Object.fromEntries(plan.map(({ name, obstacle }) => [name, obstacle]))).toStrictEqual({
      'end-to-end': undefined,
      latency: undefined,
      'conflict-billing': undefined,
      'cross-account': 'an emulator asks nobody for permissions',
      'retry-cadence': 'an emulator tries again as its authors thought',
      'loop-detection': 'an emulator detects no loops',
    });
  });

  it('disturbs the stack last, in whatever order steps are asked for', () => {
    const asked = new Set<StepName>(['loop-detection', 'retry-cadence', 'end-to-end']);
    const names = planOf(asked, { isEmulator: false, secondProfile: undefined }).map(({ name }) => name);
    expect(names).toStrictEqual(['end-to-end', 'retry-cadence', 'loop-detection']);
  });
});
