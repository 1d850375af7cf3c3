import { describe, expect, it } from 'vitest';
import { createFaults, type Faults } from '../../../lib/local/lambda/faults.ts';
import type { InvocationResult } from '../../../lib/local/lambda/invocation-outcome.ts';
import type { LocalFunction } from '../../../lib/local/lambda/local-function.ts';

const DONE: InvocationResult = { kind: 'returned', value: null };
const DEAD: InvocationResult = { kind: 'failed', error: { name: 'Killed', message: '', stack: '' } };

/** A function that keeps the events it gets, and works on each until it is killed or told to finish. */
function aFunction(faults: Faults) {
  const events: string[] = [];
  const finishing: ((result: InvocationResult) => void)[] = [];
  const target: LocalFunction = {
    label: 'work',
    arn: 'arn',
    environment: {},
    invoke: (event) => {
      events.push(event);
      return new Promise((resolve) => finishing.push(resolve));
    },
    kill: () => {
      const running = finishing.splice(0);
      for (const finish of running) {
        finish(DEAD);
      }
      return running.length;
    },
    stop: async () => {},
  };
  const [watched] = faults.watchAll(new Map([['work', target]])).values();
  return { events, finish: () => finishing.shift()?.(DONE), invoke: (watched as LocalFunction).invoke };
}

/** Lets everything run that waits for nothing but its turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function run(
  { invoke, finish }: ReturnType<typeof aFunction>,
  event: string,
): Promise<InvocationResult> {
  const running = invoke(event);
  await turn();
  finish();
  await turn();
  finish();
  return running;
}

describe('Faults', () => {
  it('leave functions alone until they are asked for', async () => {
    const faults = createFaults();
    const work = aFunction(faults);
    expect([await run(work, 'a'), work.events, faults.counts()]).toStrictEqual([
      DONE,
      ['a'],
      { killed: 0, repeated: 0 },
    ]);
  });

  it('kill one invocation in the middle', async () => {
    const faults = createFaults({ random: () => 0.5 });
    const { invoke } = aFunction(faults);
    faults.killNext();
    expect([await invoke('a'), faults.counts()]).toStrictEqual([DEAD, { killed: 1, repeated: 0 }]);
  });

  it('kill a later invocation when the first one was too quick', async () => {
    // The first kill would come after hours.
    const moments = [1e6];
    const faults = createFaults({ random: () => moments.shift() ?? 0 });
    const work = aFunction(faults);
    faults.killNext();
    expect(await run(work, 'a')).toStrictEqual(DONE);
    expect([await work.invoke('b'), faults.counts().killed]).toStrictEqual([DEAD, 1]);
  });

  it('deliver one batch twice', async () => {
    const faults = createFaults();
    const work = aFunction(faults);
    faults.repeatNext();
    await run(work, 'a');
    await run(work, 'b');
    expect([work.events, faults.counts()]).toStrictEqual([['a', 'a', 'b'], { killed: 0, repeated: 1 }]);
  });

  it('tell of each that came over a function, and not when they were asked for', async () => {
    const told: string[] = [];
    const faults = createFaults({
      random: () => 0,
      onFault: (label, sentence) => told.push(`${label} ${sentence}`),
    });
    const work = aFunction(faults);
    faults.killNext();
    faults.repeatNext();
    expect(told).toStrictEqual([]);
    await work.invoke('a');
    await run(work, 'b');
    expect(told).toStrictEqual([
      'work was killed on purpose; its work comes again.',
      'work gets its batch a second time, on purpose.',
    ]);
  });

  it('take turns in a storm, and mix the messages of a queue but no records of a stream', async () => {
    const places = [0.9, 0.1];
    const faults = createFaults({ random: () => places.shift() ?? 0 });
    const work = aFunction(faults);
    faults.startStorm();
    const batch = (source: string) =>
      JSON.stringify({ Records: [1, 2].map((id) => ({ id, eventSource: source })) });
    const [queued, streamed] = [batch('aws:sqs'), batch('aws:dynamodb')];
    expect(await work.invoke(queued)).toStrictEqual(DEAD);
    await run(work, streamed);
    await run(work, streamed);
    expect(
      work.events.map((event) => JSON.parse(event).Records.map(({ id }: { id: number }) => id)),
    ).toStrictEqual([
      [2, 1],
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(faults.counts()).toStrictEqual({ killed: 1, repeated: 1 });
  });
});
