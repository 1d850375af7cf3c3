/** Trying again: what is tried again, how often, and how long is waited in between. */

import { describe, expect, it } from 'vitest';
import { withRetries } from '../../lib/shell/retry.ts';
import { CommitConflictError, CorruptItemError, StoreUnavailableError } from '../../lib/storage/errors.ts';
import { TestSurroundings, TestTelemetry } from '../support/shell-surroundings.ts';

const CONFLICT = new CommitConflictError({ debtorId: 1n, creditorId: 2n });
const UNAVAILABLE = new StoreUnavailableError('busy');

/** Fails with each of the errors in turn, then succeeds with the number of the attempt. Time is up after `pauseCount` pauses. */
async function run(
  errors: readonly Error[],
  surroundings = new TestSurroundings(),
  pauseCount = Number.POSITIVE_INFINITY,
) {
  const telemetry = new TestTelemetry();
  const left = [...errors];
  const attempts: number[] = [];
  const outcome = withRetries(
    async (attempt) => {
      attempts.push(attempt);
      const error = left.shift();
      if (error !== undefined) {
        throw error;
      }
      return attempt;
    },
    { surroundings, telemetry, hasTime: () => surroundings.pauses.length < pauseCount },
  );
  const result = await outcome.catch((error: unknown) => error);
  return { result, attempts, pauses: surroundings.pauses, counts: telemetry.counts };
}

describe('what fails', () => {
  it('is not waited for when it succeeds at once', async () => {
    expect(await run([])).toStrictEqual({ result: 0, attempts: [0], pauses: [], counts: {} });
  });

  it('is tried again after a lost race and while the table is unavailable', async () => {
    expect(await run([CONFLICT, UNAVAILABLE, CONFLICT])).toStrictEqual({
      result: 3,
      attempts: [0, 1, 2, 3],
      pauses: [12.5, 25, 50],
      counts: { Conflicts: 2, Unavailable: 1, Retries: 3 },
    });
  });

  it('is given up when the table was unavailable eight times', async () => {
    const last = new StoreUnavailableError('the last one');
    const { result, attempts, pauses } = await run([
      ...Array.from({ length: 7 }, () => UNAVAILABLE),
      last,
      UNAVAILABLE,
    ]);
    expect(result).toBe(last);
    expect(attempts).toStrictEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(pauses).toStrictEqual([12.5, 25, 50, 100, 200, 400, 500]);
  });

  it('is given up after 32 lost races, since each of them means that another writer got on', async () => {
    const last = new CommitConflictError({ debtorId: 3n, creditorId: 4n });
    const { result, attempts, pauses } = await run([
      ...Array.from({ length: 31 }, () => CONFLICT),
      last,
      CONFLICT,
    ]);
    expect(result).toBe(last);
    expect(attempts).toHaveLength(32);
    expect(pauses).toStrictEqual([12.5, 25, 50, 100, 200, ...Array.from({ length: 26 }, () => 250)]);
  });

  it.each([
    [0, 1],
    [3, 4],
  ])('is given up when time is up, after %i pauses', async (pauseCount, attemptCount) => {
    const errors = Array.from({ length: 7 }, (_, index) => new StoreUnavailableError(`number ${index}`));
    const { result, attempts } = await run(errors, new TestSurroundings(), pauseCount);
    expect(result).toBe(errors[pauseCount]);
    expect(attempts).toHaveLength(attemptCount);
  });

  it('is given up for one reason, however often it failed for the other', async () => {
    const last = new StoreUnavailableError('the last one');
    const races = Array.from({ length: 20 }, () => CONFLICT);
    const { result, attempts } = await run([...races, ...Array.from({ length: 7 }, () => UNAVAILABLE), last]);
    expect(result).toBe(last);
    expect(attempts).toHaveLength(28);
  });

  it.each([new CorruptItemError('broken'), new TypeError('a defect')])(
    'is not tried again when that can not help: %s',
    async (error) => {
      expect(await run([error])).toStrictEqual({ result: error, attempts: [0], pauses: [], counts: {} });
    },
  );

  it.each([
    ['a lost race', CONFLICT, 0, 0],
    ['a lost race', CONFLICT, 0.999999, 13_775],
    ['unavailability', UNAVAILABLE, 0, 0],
    ['unavailability', UNAVAILABLE, 0.999999, 2_575],
  ])(
    'is waited for by chance after %s (%#), so that writers do not meet again, but never for long',
    async (_, error, chance, most) => {
      const surroundings = Object.assign(new TestSurroundings(), { random: () => chance });
      const { pauses } = await run(
        Array.from({ length: 32 }, () => error),
        surroundings,
      );
      expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeCloseTo(most, 1);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(1_000);
    },
  );
});
