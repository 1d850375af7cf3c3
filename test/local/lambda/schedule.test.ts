import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InvocationResult } from '../../../lib/local/lambda/invocation-outcome.ts';
import { openPositions, type Positions } from '../../../lib/local/lambda/positions.ts';
import {
  parseRate,
  type Schedule,
  type ScheduleDefinition,
  startSchedule,
} from '../../../lib/local/lambda/schedule.ts';
import { UnsupportedTemplateError } from '../../../lib/local/stack/template.ts';
import { eventually } from '../../support/eventually.ts';

const OK: InvocationResult = { kind: 'returned', value: null };
const HOUR_MS = 3_600_000;

let folder: string;
let positions: Positions;
const schedules: Schedule[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'schedule-'));
  positions = openPositions(folder);
});

afterEach(async () => {
  await Promise.all(schedules.splice(0).map((schedule) => schedule.stop()));
  positions.close();
  rmSync(folder, { recursive: true });
});

function start(changes: Partial<ScheduleDefinition>, answer: () => InvocationResult = () => OK): string[] {
  const events: string[] = [];
  const invoke = async (event: string) => {
    events.push(event);
    return answer();
  };
  const target = { label: 'sweep', invoke };
  const fixed = {
    name: 'daily',
    target,
    input: '{"sweep":"start"}',
    positions,
    control: { isOn: () => true },
    onTrouble: () => {},
  };
  schedules.push(startSchedule({ ...fixed, periodMs: HOUR_MS, ...changes }));
  return events;
}

describe('A schedule', () => {
  it('fires again and again, with its input', async () => {
    const events = start({ periodMs: 5 });
    await eventually(() => expect(events.slice(0, 3)).toStrictEqual(Array(3).fill('{"sweep":"start"}')));
  });

  it('that never fired waits for its first period', async () => {
    const before = Date.now();
    const events = start({ periodMs: 50 });
    await eventually(() => expect(events.length).toBeGreaterThan(0));
    expect(Date.now() - before).toBeGreaterThanOrEqual(50);
  });

  it('makes up for a firing that was missed while nothing ran', async () => {
    positions.saveFiring('daily', Date.now() - 2 * HOUR_MS);
    const events = start({});
    await eventually(() => expect(events.length).toBe(1));
    await eventually(() => expect(positions.loadFiring('daily')).toBeGreaterThan(Date.now() - HOUR_MS));
  });

  it('tries a failed invocation again, three times in all', async () => {
    positions.saveFiring('daily', Date.now() - 2 * HOUR_MS);
    const troubles: string[] = [];
    const error = { name: 'Error', message: 'no table', stack: '' };
    start({ onTrouble: (sentence) => void troubles.push(sentence) }, () => ({ kind: 'failed', error }));
    await eventually(() =>
      expect(troubles).toStrictEqual(Array(3).fill('failed on schedule: Error: no table')),
    );
  });

  it('without an input sends the event of a rule', async () => {
    positions.saveFiring('daily', 0);
    const events = start({ input: undefined });
    await eventually(() => expect(events.length).toBe(1));
    const { id, time, ...rest } = JSON.parse(events[0] ?? '');
    expect(rest).toStrictEqual({
      version: '0',
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      region: 'us-east-1',
      resources: ['arn:aws:events:us-east-1:000000000000:rule/daily'],
      detail: {},
    });
    expect([id, time]).toStrictEqual([
      expect.stringMatching(/^[0-9a-f-]{36}$/),
      expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    ]);
  });
});

describe('A rate', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(8 hours)', 28_800_000],
    ['rate(2 days)', 172_800_000],
  ])('%s is a period', (expression, ms) => {
    expect(parseRate(expression)).toBe(ms);
  });

  it('that is none is refused', () => {
    expect(() => parseRate('cron(0 12 * * ? *)')).toThrow(UnsupportedTemplateError);
  });
});
