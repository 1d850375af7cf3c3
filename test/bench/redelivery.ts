/** What a redelivered message costs when its work is already done: reads, and nothing else. */

import { setTimeout as pause } from 'node:timers/promises';
import type { PreparedTransfer } from '../../lib/client/messages.ts';
import { startDirectAuthority } from './direct-authority.ts';
import type { RedeliveryResult } from './results.ts';
import { type Usage, usageBetween } from './usage.ts';
import { configureAccount, finalizeTransfer, parseReceived, prepareTransfer, ROOT } from './wire.ts';

const DEBTOR_ID = -1;
const RECIPIENT = 0;
const MESSAGE = /"type":"(\w+)"/;

/** One debtor issues `transferCount` times, and then every message is sent again. */
export async function measureRedelivery(transferCount: number): Promise<RedeliveryResult> {
  const authority = await startDirectAuthority({ batchSize: 1_000, accountUpdateDelaySeconds: 0 });
  try {
    const received: string[] = [];
    authority.listen((body) => received.push(body));
    const countOf = (type: string) => received.filter((body) => MESSAGE.exec(body)?.[1] === type).length;
    const usage = async () => (await authority.usage()) as Usage;
    const handled = async () => {
      const { metrics } = await usage();
      return Object.entries(metrics)
        .filter(([name]) => name.startsWith('Messages.'))
        .reduce((sum, [, count]) => sum + count, 0);
    };
    const payments = Array.from({ length: transferCount }, (_, number) => ({
      ...{ number, sender: ROOT, recipient: RECIPIENT, amount: 1 },
    }));
    const configurations = [ROOT, RECIPIENT].map((account) => configureAccount(DEBTOR_ID, account));
    await authority.send(configurations);
    await until(() => countOf('AccountUpdate') >= configurations.length);
    const requests = payments.map((payment) => prepareTransfer(DEBTOR_ID, payment));
    await authority.send(requests);
    await until(() => countOf('PreparedTransfer') === transferCount);
    const commits = received
      .filter((body) => MESSAGE.exec(body)?.[1] === 'PreparedTransfer')
      .map((body) => {
        const { transferId, coordinatorRequestId } = parseReceived(body) as PreparedTransfer;
        const payment = payments[Number(coordinatorRequestId)];
        if (payment === undefined) {
          throw new Error('A transfer was prepared that nobody asked for.');
        }
        return finalizeTransfer(DEBTOR_ID, payment, transferId);
      });
    await authority.send(commits);
    await until(() => countOf('AccountTransfer') === transferCount);
    await untilQuiet(usage);

    const messages = [...configurations, ...requests, ...commits];
    const [before, heardBefore, handledBefore] = [await usage(), received.length, await handled()];
    await authority.send(messages);
    await until(async () => (await handled()) - handledBefore === messages.length);
    await untilQuiet(usage);
    const { metrics } = usageBetween(before, await usage());
    return {
      messageCount: messages.length,
      writeUnits: (metrics.WriteUnits ?? 0) / messages.length,
      readUnits: (metrics.ReadUnits ?? 0) / messages.length,
      publishedCount: received.length - heardBefore,
    };
  } finally {
    await authority.stop();
  }
}

const CHECK_MS = 100;
const PATIENCE_MS = 60_000;

async function until(isReached: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await isReached())) {
    if (performance.now() > end) {
      throw new Error('Messages were lost: what had to come of them did not.');
    }
    await pause(CHECK_MS);
  }
}

/** Longer than any wait for more messages. */
const REST_MS = 1_000;

/** Waits until nothing more is spent. */
async function untilQuiet(usage: () => Promise<Usage>): Promise<void> {
  let latest = '';
  await until(async () => {
    await pause(REST_MS);
    const { metrics } = await usage();
    const [before, now] = [latest, JSON.stringify(metrics)];
    latest = now;
    return before === now;
  });
}
