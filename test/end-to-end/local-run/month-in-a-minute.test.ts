/**
 * The command of docs/sweeps.md that shows a month in a minute, exactly as it is written there: with the machine's own
 * clock, and checked by what `npm start` prints.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { accountId, configureAccount, finalizeTransfer, prepareTransfer } from '../support/requests.ts';
import { stackUnderTest } from '../support/stack-under-test.ts';
import { printWire, type WireMessage } from '../support/wire-json.ts';
import { prepareRestartableRun, type StartedRun } from './support/restartable-run.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'sweeps.md'), 'utf8');
const [, COMMAND = ''] = /```sh\n(APP_[^`]*npm start[^`]*?)\n```/.exec(GUIDE) ?? [];
const SETTINGS = Object.fromEntries(
  [...COMMAND.matchAll(/(APP_\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
);

const DEBTOR = 1n;
const CREDITOR = 4_294_967_297n;
const LEAVER = 4_294_967_298n;

const run = await prepareRestartableRun(SETTINGS);
let started: StartedRun | undefined;
afterAll(async () => {
  await started?.kill();
  run.remove();
});

async function start(...flags: readonly string[]): Promise<StartedRun> {
  started = run.start(...flags);
  await started.whenReady;
  return started;
}

async function send(...messages: readonly WireMessage[]): Promise<void> {
  const stack = stackUnderTest({ outputs: run.outputs(), patienceMs: 0 });
  await stack.incoming.send(messages.map(printWire));
}

function configure(creditor_id: bigint, fields: Partial<WireMessage> = {}): WireMessage {
  return configureAccount({ debtor_id: DEBTOR, creditor_id, ...(fields as WireMessage) });
}

function issue(amount: bigint): WireMessage {
  return prepareTransfer({
    debtor_id: DEBTOR,
    creditor_id: 0n,
    recipient: accountId(CREDITOR),
    min_locked_amount: amount,
    max_locked_amount: amount,
  });
}

/** Waits until so many lines of this kind were printed. @returns these lines */
function lines(pattern: RegExp, count = 1): Promise<readonly string[]> {
  return eventually(() => {
    const found = (started?.printed() ?? '').split('\n').filter((line) => pattern.test(line));
    expect(found.length, `${pattern} in ${started?.printed()}`).toBeGreaterThanOrEqual(count);
    return found;
  });
}

it('shows heartbeats, reminders, interest and a deletion within a minute, and the purge four days ahead', async () => {
  const first = await start();
  const config_data = '{"type": "RootConfigData", "rate": 50.0}';
  await send(configure(0n, { negligible_amount: 1e15, config_data }));
  await lines(/to_debtors AccountUpdate debtor 1 creditor 0 /);
  await send(configure(CREDITOR), configure(LEAVER, { config_flags: 1n }));
  await lines(/AccountUpdate debtor 1 creditor 429496729[78] /, 2);
  const asked = issue(1_000_000_000_000n);
  await send(asked);
  const [prepared = ''] = await lines(/PreparedTransfer debtor 1 creditor 0 .*=1000000000000 /);
  const transfer_id = BigInt(/transfer_id=(\d+)/.exec(prepared)?.[1] ?? 0);
  await send(
    finalizeTransfer({ ...asked, transfer_id }, { committed_amount: 1_000_000_000_000n }),
    issue(7n),
  );

  await lines(/AccountTransfer debtor 1 creditor 4294967297 .*acquired_amount=1000000000000 /);
  // The deletion: no heartbeat, since something has changed.
  await lines(/AccountUpdate debtor 1 creditor 4294967298 .*last_change_seqnum=1 .*config_flags=1$/);
  // A heartbeat: the same once more.
  await lines(/to_debtors AccountUpdate debtor 1 creditor 0 .*last_change_seqnum=1 /, 2);
  // A reminder.
  await lines(/PreparedTransfer debtor 1 creditor 0 .*locked_amount=7 /, 2);
  await lines(
    /AccountTransfer debtor 1 creditor 4294967297 .*coordinator_type=interest .*acquired_amount=\d+ /,
  );
  expect(await first.stop()).toBe(0);

  const later = await start('--days-ahead', '4');
  await lines(/AccountPurge debtor 1 creditor 4294967298/);
  expect(await later.stop()).toBe(0);
  expect([first, later].map((one) => one.printed().match(/^!.*$/gm))).toStrictEqual([null, null]);
});
