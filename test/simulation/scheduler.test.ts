import { describe, expect, it } from 'vitest';
import { DAY, RestlessWorldError, Scheduler, SECOND } from './scheduler.ts';

describe('Scheduler', () => {
  it('lets things happen in the order of their instants, and of their scheduling where these are equal', async () => {
    const scheduler = new Scheduler(0);
    const happened: string[] = [];
    for (const [name, delay] of [
      ['c', 3],
      ['a', 1],
      ['b1', 2],
      ['b2', 2],
    ] as const) {
      scheduler.after(delay, () => void happened.push(`${name} at ${scheduler.now}`));
    }
    await scheduler.untilRest();
    expect(happened).toStrictEqual(['a at 1', 'b1 at 2', 'b2 at 2', 'c at 3']);
  });

  it('lets code that waits go on before the next event', async () => {
    const scheduler = new Scheduler(0);
    const happened: string[] = [];
    const work = async (): Promise<void> => {
      await scheduler.sleep(1);
      await Promise.resolve();
      await Promise.resolve();
      happened.push('work');
    };
    void work();
    scheduler.after(1, () => void happened.push('event'));
    await scheduler.untilRest();
    expect(happened).toStrictEqual(['work', 'event']);
  });

  it('does not wait for what happens in the background', async () => {
    const scheduler = new Scheduler(0);
    const happened: string[] = [];
    scheduler.inBackground(SECOND, () => void happened.push('soon'));
    scheduler.inBackground(DAY, () => void happened.push('late'));
    scheduler.after(2 * SECOND, () => void happened.push('work'));
    await scheduler.untilRest();
    expect(happened).toStrictEqual(['soon', 'work']);
  });

  it('gives up on a world that never comes to rest', async () => {
    const scheduler = new Scheduler(0);
    const again = (): void => scheduler.after(1, again);
    again();
    await expect(scheduler.untilRest()).rejects.toThrow(RestlessWorldError);
  });
});
