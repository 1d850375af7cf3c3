/** The queue of failure notices, and what the schedule does about it: nobody but the authority itself works on them. */

import { printFailureNotice } from '../../lib/local/lambda/failure-notice.ts';
import type { NoticeQueue, TakenNotice } from '../../lib/shell/notice-queue.ts';
import type { Cloud, Invocation } from './aws/invocation.ts';
import type { StreamRecord } from './aws/simulated-stream.ts';
import { HOUR, MINUTE } from './scheduler.ts';

const MAX_TAKEN = 10;
const VISIBILITY = 5 * MINUTE;

export class NoticeBox {
  readonly #cloud: Cloud;
  readonly #look: () => Promise<unknown>;
  readonly #notices = new Map<string, { readonly body: string; visibleAt: number }>();
  #count = 0;
  #isLookDue = false;

  /** @param look starts the function that takes notices; resolves when it has ended, in whatever way */
  constructor(cloud: Cloud, look: () => Promise<unknown>) {
    this.#cloud = cloud;
    this.#look = look;
  }

  /** Puts a notice about records of the table that publish-events has given up. */
  put(table: string, records: readonly StreamRecord[]): void {
    const body = printFailureNotice({
      functionArn: 'arn:aws:lambda:x:1:function:Simulated-PublishEvents0A1B',
      streamArn: `arn:aws:dynamodb:x:1:table/${table}/stream/1`,
      shardId: 'shard',
      records: records as unknown as Parameters<typeof printFailureNotice>[0]['records'],
      condition: 'RecordAgeExceeded',
      attempts: 1,
      result: undefined,
    });
    this.#cloud.chaos.count('notices');
    this.#count += 1;
    this.#notices.set(String(this.#count), { body, visibleAt: 0 });
    this.#lookWithin(HOUR);
  }

  /** Looks every hour, as long as there are notices. */
  #lookWithin(delay: number): void {
    const { scheduler, chaos } = this.#cloud;
    if (this.#isLookDue || this.#notices.size === 0) {
      return;
    }
    this.#isLookDue = true;
    scheduler.after(chaos.random.fraction() * delay, async () => {
      this.#isLookDue = false;
      await this.#look();
      this.#lookWithin(HOUR);
    });
  }

  queueFor(invocation: Invocation): NoticeQueue {
    return {
      take: () => invocation.call('ReceiveMessage', () => this.#take(), undefined),
      delete: (notices) => invocation.call('DeleteMessageBatch', () => this.#delete(notices), undefined),
    };
  }

  #take(): readonly TakenNotice[] {
    const { now } = this.#cloud.scheduler;
    const visible = [...this.#notices].filter(([, { visibleAt }]) => visibleAt <= now).slice(0, MAX_TAKEN);
    for (const [, notice] of visible) {
      notice.visibleAt = now + VISIBILITY;
    }
    return visible.map(([receiptHandle, { body }]) => ({ receiptHandle, body }));
  }

  #delete(notices: readonly TakenNotice[]): void {
    for (const { receiptHandle } of notices) {
      this.#notices.delete(receiptHandle);
    }
  }
}
