/** The functions' clock in tests that let years pass: how it is moved, and where it shows. */

import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import type { DynamoDbClient } from '../../../lib/local/emulators/dynamo-db-client.ts';
import { ClockAhead, VirtualClock, withClockInStreams } from '../../../lib/local/lambda/virtual-clock.ts';
import { eventually } from '../../support/eventually.ts';

/** 2027-01-15T08:00:00Z. */
const START = 1_800_000_000_000;
const MODULE = new URL('../../../lib/local/lambda/virtual-clock.ts', import.meta.url).href;

const workers: Worker[] = [];
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
});

/** A thread that follows the clock, and evaluates an expression each time it is asked. */
async function ask(memory: SharedArrayBuffer): Promise<(expression: string) => Promise<unknown>> {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(${JSON.stringify(MODULE)}).then(({ obeyVirtualClock }) => {
      obeyVirtualClock(workerData);
      parentPort.on('message', (expression) => parentPort.postMessage(eval(expression)));
      parentPort.postMessage('ready');
    });`;
  const worker = new Worker(code, { eval: true, workerData: memory });
  workers.push(worker);
  const answer = () => new Promise<unknown>((resolve) => worker.once('message', resolve));
  await answer();
  return (expression) => {
    const answered = answer();
    worker.postMessage(expression);
    return answered;
  };
}

describe('a virtual clock', () => {
  it('stands still until it is moved, also back', () => {
    const clock = new VirtualClock(START);
    expect(clock.now()).toBe(START);
    clock.set(START + 86_400_000);
    expect(clock.now()).toBe(START + 86_400_000);
    clock.set(START - 1);
    expect(clock.now()).toBe(START - 1);
  });

  it('is what Date tells in a thread that obeys it, in every way of asking', async () => {
    const clock = new VirtualClock(START);
    const told = await ask(clock.memory);
    expect(await told('Date.now()')).toBe(START);
    expect(await told('new Date().toISOString()')).toBe('2027-01-15T08:00:00.000Z');
    expect(await told('new (class Mine extends Date {})().getTime()')).toBe(START);
    expect(await told('Date()')).toMatch(/^Fri Jan 15 2027 /);
    clock.set(START + 1_000 * 365 * 86_400_000);
    expect(await told('new Date().getUTCFullYear()')).toBe(3026);
  });

  it('leaves everything else about Date as it is', async () => {
    const told = await ask(new VirtualClock(START).memory);
    expect(await told('new Date(5).getTime()')).toBe(5);
    expect(await told('new Date(2020, 1, 29).getMonth()')).toBe(1);
    expect(await told("Date.parse('1970-01-01T00:00:01Z')")).toBe(1_000);
    expect(await told('Date.UTC(1970, 0, 2)')).toBe(86_400_000);
    expect(await told('new Date() instanceof Date')).toBe(true);
    expect(await told('Date.name')).toBe('Date');
  });

  it('dates the records of streams, and nothing else that is read', async () => {
    const clock = new VirtualClock(START);
    const record = { eventID: 'a', dynamodb: { SequenceNumber: '1', ApproximateCreationDateTime: 7 } };
    const client: DynamoDbClient = {
      call: async <Output>() => ({ Records: [record], NextShardIterator: 'next' }) as Output,
      close: () => {},
    };
    const dated = withClockInStreams(client, clock);
    expect(await dated.call('DynamoDBStreams.GetRecords', {})).toStrictEqual({
      Records: [
        { eventID: 'a', dynamodb: { SequenceNumber: '1', ApproximateCreationDateTime: 1_800_000_000 } },
      ],
      NextShardIterator: 'next',
    });
    expect(await dated.call('DynamoDB.Scan', {})).toStrictEqual({
      Records: [record],
      NextShardIterator: 'next',
    });
  });
});

describe('a clock that is ahead', () => {
  it('goes as the machine does, so many days later', async () => {
    const clock = new ClockAhead(4);
    const start = clock.now();
    expect(Math.abs(start - Date.now() - 4 * 86_400_000)).toBeLessThan(5_000);
    await eventually(() => expect(clock.now()).toBeGreaterThan(start));
  });
});
