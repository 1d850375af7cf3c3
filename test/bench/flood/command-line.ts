/** Measures how long the messages of one peer take there and back, without and with a flood of another peer. */

import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Agent } from '../../../examples/network/agent.ts';
import { makeNetwork } from '../../../examples/network/node-folders.ts';
import { findFreePort } from '../../../lib/local/emulators/ports.ts';
import { prepareRestartableRun } from '../../end-to-end/local-run/support/restartable-run.ts';
import { percentilesOf } from '../percentiles.ts';
import { FLOODS, type Flooding } from './floods.ts';
import { ListeningPeer } from './listening-peer.ts';

const HELP = `Measures how long the messages of one peer take there and back (a new connection, ConfigureAccount, and the AccountUpdate
that comes), in a local run, without and with each kind of flood of another peer.

  npm run bench:flood

  --seconds N       of each measurement (default 20)
  --pace N          messages of the quiet peer in a second (default 4)
  --rate N          of each flood in a second: messages, or connections (default 40)
  --help            print this text

Each flood is measured against the quiet time just before it. The figures say something only while half a core is idle.
`;

const DEBTORS = 0x1234abcd00000000n;

export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '20' },
      pace: { type: 'string', default: '4' },
      rate: { type: 'string', default: '40' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [seconds, pace, rate] = [values.seconds, values.pace, values.rate].map(Number) as [
    number,
    number,
    number,
  ];
  const run = await prepareRestartableRun();
  const [port, creditorsPort, debtorsPort] = [
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
  ];
  const { authority, peers } = await makeNetwork(join(run.folder, 'network'), {
    authorityId: '1234abcd',
    port,
    peers: [
      { name: 'flooding', type: 'creditors-agent', range: '000002', port: creditorsPort },
      { name: 'quiet', type: 'debtors-agent', range: '1234abcd00', port: debtorsPort },
    ],
  });
  const [flooding, quiet] = peers.map(({ folder }) => new ListeningPeer(new Agent(folder))) as [
    ListeningPeer,
    ListeningPeer,
  ];
  const started = run.start(
    ...['--peers', authority.folder, '--stomp-port', `${port}`, '--console-port', `${await findFreePort()}`],
  );
  try {
    await Promise.all([flooding.listen(), quiet.listen(), started.whenReady]);
    const nextDebtor = freshDebtors();
    await warmUp(quiet, {
      pace,
      nextDebtor,
      flooding: { peer: peers[0] as Flooding['peer'], authority, port, rate },
    });
    console.log(
      '                                  sent   p50 ms   p99 ms   p50 ×   p99 ×   idle cores   load',
    );
    for (const [name, flood] of Object.entries(FLOODS)) {
      const calm = await measure(quiet, { seconds, pace, nextDebtor });
      print('calm', { sent: 0, measured: calm, calm });
      const ending = new AbortController();
      const wish: Flooding = { peer: peers[0] as Flooding['peer'], authority, port, rate };
      const flooded = flood(wish, ending.signal);
      const measured = await measure(quiet, { seconds, pace, nextDebtor });
      ending.abort();
      print(name, { sent: await flooded, measured, calm });
    }
    return 0;
  } finally {
    await flooding.close();
    await quiet.close();
    await started.kill();
    run.remove();
  }
}

const WARM_UP_SECONDS = 4;

/** Each flood once, since the first messages of a peer wait for functions that start. */
async function warmUp(
  quiet: ListeningPeer,
  {
    flooding,
    ...load
  }: { readonly pace: number; readonly nextDebtor: () => bigint; readonly flooding: Flooding },
): Promise<void> {
  for (const flood of Object.values(FLOODS)) {
    const ending = new AbortController();
    const flooded = flood(flooding, ending.signal);
    await measure(quiet, { seconds: WARM_UP_SECONDS, ...load });
    ending.abort();
    await flooded;
  }
}

interface Measured {
  readonly p50: number;
  readonly p99: number;
  readonly idleCores: number;
}

/** Makes debtor IDs that were not used before. */
function freshDebtors(): () => bigint {
  let last = 0n;
  return () => {
    last += 1n;
    return DEBTORS + last;
  };
}

async function measure(
  peer: ListeningPeer,
  {
    seconds,
    pace,
    nextDebtor,
  }: { readonly seconds: number; readonly pace: number; readonly nextDebtor: () => bigint },
): Promise<Measured> {
  const before = cpuTimes();
  const times: Promise<number>[] = [];
  for (let sent = 0; sent < seconds * pace; sent += 1) {
    times.push(peer.roundTrip(nextDebtor()));
    await pause(1_000 / pace);
  }
  const { p50, p99 } = percentilesOf(await Promise.all(times));
  const after = cpuTimes();
  return { p50, p99, idleCores: (cpus().length * (after.idle - before.idle)) / (after.all - before.all) };
}

function cpuTimes(): { readonly idle: number; readonly all: number } {
  const times = cpus().map((cpu) => cpu.times);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  return {
    idle: sum(times.map(({ idle }) => idle)),
    all: sum(times.flatMap((each) => Object.values(each))),
  };
}

function print(
  name: string,
  { sent, measured, calm }: { readonly sent: number; readonly measured: Measured; readonly calm: Measured },
): void {
  const columns = [
    name.padEnd(30),
    `${sent}`.padStart(8),
    measured.p50.toFixed(0).padStart(8),
    measured.p99.toFixed(0).padStart(8),
    (measured.p50 / calm.p50).toFixed(2).padStart(7),
    (measured.p99 / calm.p99).toFixed(2).padStart(7),
    measured.idleCores.toFixed(2).padStart(12),
    (loadavg()[0] as number).toFixed(1).padStart(6),
  ];
  console.log(columns.join(' '));
}
