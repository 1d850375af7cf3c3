/** Drills in virtual time: what an outage of the tables, or an overload, does to messages in the queue. */

import { describe, expect, it } from 'vitest';
import { handleQueueBatch } from '../../lib/shell/queue-batch.ts';
import { sqsSourceQueue } from '../../lib/shell/source-queue.ts';
import { TestTelemetry } from '../support/shell-surroundings.ts';
import type { Cloud, Invocation } from './aws/invocation.ts';
import { SimulatedQueue } from './aws/simulated-queue.ts';
import { simulatedSourceClient } from './aws/simulated-source-queue.ts';
import { Chaos } from './chaos.ts';
import { EventLog } from './event-log.ts';
import { drawFeatures, FEATURE_NAMES } from './features.ts';
import { Random } from './random.ts';
import { DAY, HOUR, MINUTE, Scheduler, SECOND } from './scheduler.ts';

/** As the stack has it. */
const MAX_RECEIVES = 1_000;
const FULL_EVENT = 10;

class Drill {
  readonly cloud: Cloud;
  readonly queue: SimulatedQueue;
  /** When each message was done. */
  readonly doneAt = new Map<string, number>();
  callCount = 0;

  /** @param canHandle whether the function can handle a message now, or has to hand it back */
  constructor(seed: string, canHandle: (now: number, invocation: Invocation) => boolean) {
    const nothing = Object.fromEntries(FEATURE_NAMES.map((name) => [name, 0]));
    const random = new Random(seed);
    const features = drawFeatures(random, { ...nothing, queueBatch: FULL_EVENT, maxReceives: MAX_RECEIVES });
    const scheduler = new Scheduler(0);
    this.cloud = { scheduler, chaos: new Chaos(features, random), log: new EventLog(scheduler, undefined) };
    this.queue = new SimulatedQueue(this.cloud, {
      name: 'incoming',
      handle: (event, invocation) => {
        this.callCount += 1;
        return handleQueueBatch(
          event,
          async (deliveries) => {
            const returned: string[] = [];
            for (const { messageId, body } of deliveries) {
              if (canHandle(scheduler.now, invocation)) {
                this.doneAt.set(body, scheduler.now);
              } else {
                returned.push(messageId);
              }
            }
            return returned;
          },
          {
            queue: sqsSourceQueue(simulatedSourceClient(this.cloud, invocation, this.queue), 'source'),
            fullEvent: FULL_EVENT,
            remainingMs: invocation.remainingMs,
            surroundings: invocation.surroundings,
            telemetry: new TestTelemetry(),
            hasTime: invocation.hasTime,
          },
        );
      },
    });
  }

  get deadCount(): number {
    return this.cloud.chaos.counts.deadMessages ?? 0;
  }
}

describe('No message is given up, and each is done soon after,', () => {
  it.each([
    ['an hour', HOUR, 200],
    ['twelve hours', 12 * HOUR, 200],
    ['a day', DAY, 200],
    ['three days', 3 * DAY, 50],
  ])('when the tables are down for %s', async (_, duration, messageCount) => {
    const drill = new Drill('outage', (now) => now > duration);
    for (let index = 0; index < messageCount; index += 1) {
      drill.cloud.scheduler.after(index * MINUTE, () => void drill.queue.send(String(index)));
    }
    await drill.cloud.scheduler.untilRest();
    expect(drill.deadCount).toBe(0);
    expect(drill.doneAt.size).toBe(messageCount);
    const late = [...drill.doneAt].filter(
      ([body, at]) => at > Math.max(duration, Number(body) * MINUTE) + 16 * MINUTE,
    );
    expect(late).toStrictEqual([]);
  });

  it('when functions are ended in the middle of their work for a day', async () => {
    const drill = new Drill('deaths', (now, invocation) => {
      if (now > DAY) {
        return true;
      }
      invocation.end();
      return false;
    });
    for (let index = 0; index < 200; index += 1) {
      drill.queue.send(String(index));
    }
    await drill.cloud.scheduler.untilRest();
    expect(drill.deadCount).toBe(0);
    expect(drill.doneAt.size).toBe(200);
  });

  it('when there is more than the functions can do for a day, and they hand messages back', async () => {
    const done = { second: 0, count: 0 };
    const drill = new Drill('overload', (now) => {
      const second = Math.floor(now / SECOND);
      done.count = second === done.second ? done.count + 1 : 1;
      done.second = second;
      return now > DAY || (second % 60 === 0 && done.count <= 1);
    });
    for (let index = 0; index < 300; index += 1) {
      drill.queue.send(String(index));
    }
    await drill.cloud.scheduler.untilRest();
    expect(drill.deadCount).toBe(0);
    expect(drill.doneAt.size).toBe(300);
  });
});
