/** One simulated world: clients that crash, forget and are told everything twice, until it calms down and all must be right. */

import { creditor, issuer } from '../../../lib/client/client.ts';
import { VirtualClock } from '../../../lib/client/testing/virtual-clock.ts';
import { Random } from '../../simulation/random.ts';
import { Actor, type Intent } from './actor.ts';
import { drawFeatures, type Features } from './features.ts';
import { checkEndings, checkPeace, checkUnattended } from './guarantees.ts';
import { Network } from './network.ts';

export interface WorldResult {
  readonly seed: number;
  readonly features: Features;
  /** What is broken, in sentences; empty when every guarantee held. */
  readonly violations: readonly string[];
}

const START = 1_800_000_000_000_000n;
const SECOND = 1_000_000n;
const DAY = 86_400n * SECOND;
/** Later than this no message may come: the protocol's maximum message delay is a week. */
const CHAOS = 6n * DAY;
/** Long enough for every deadline (90 days), and for finished transfers to be forgotten (60 days more). */
const PEACE_DAYS = 160;

export async function runWorld(seed: number): Promise<WorldResult> {
  const random = new Random(`client ${seed}`);
  const features = drawFeatures(random.fork('features'));
  const clock = new VirtualClock(START);
  const network = new Network(random.fork('network'), features, clock);
  const actors = populate(random, features, { clock, network });
  await chaos({ random: random.fork('steps'), features, clock, network, actors });
  network.isCalm = true;
  const unattended = await calmDown({ clock, network, actors });
  const early = [...unattended, ...checkEndings(actors, network)];
  if (early.length > 0) {
    return { seed, features, violations: early };
  }
  await peace({ clock, network, actors });
  return {
    seed,
    features,
    violations: [...checkEndings(actors, network), ...(await checkPeace(actors, network, features))],
  };
}

interface World {
  readonly clock: VirtualClock;
  readonly network: Network;
  readonly actors: readonly Actor[];
}

function populate(random: Random, features: Features, { clock, network }: Omit<World, 'actors'>): Actor[] {
  const ids = Array.from({ length: features.creditors }, (_, index) => 4_294_967_297n + BigInt(index));
  const root = { debtorId: 1n, creditorId: 0n };
  const people = [
    { role: issuer(1n), account: root },
    ...ids.map((creditorId) => ({ role: creditor(creditorId), account: { debtorId: 1n, creditorId } })),
  ];
  return people.map(({ role, account }, index) => {
    network.addQueue(role);
    const own = random.fork(`actor ${index}`);
    const intents = Array.from({ length: features.intents }, (_, number): Intent => {
      const isRoot = account.creditorId === 0n;
      return {
        kind: isRoot ? 'pay' : own.pick(['pay', 'pay', 'commit', 'dismiss', 'forget']),
        key: `${index}-${number}`,
        from: account,
        to: own.pick(ids.filter((id) => id !== account.creditorId)),
        amount: BigInt(own.between(1, isRoot ? 1000 : 60)),
        maxCommitDelay: own.pick([5, 3600, 864_000, 2_147_483_647]),
      };
    });
    return new Actor({ role, account, intents }, { clock, network, features, random: own });
  });
}

async function chaos(world: World & { readonly random: Random; readonly features: Features }): Promise<void> {
  const { random, features, clock, network, actors } = world;
  for (let step = 0; step < features.steps; step += 1) {
    const actor = random.pick(actors);
    actor.revive();
    switch (random.between(0, 5)) {
      case 0:
        actor.act();
        break;
      case 1:
      case 2:
        network.deliverToAuthority();
        break;
      case 3:
      case 4:
        random.pick(actor.lives)?.deliver();
        break;
      default:
        if (clock.now() < START + CHAOS) {
          clock.moveTo(clock.now() + BigInt(Math.ceil(random.fraction() * features.pauseSeconds * 1e6)));
        }
    }
    await settle();
  }
}

/** A day without new faults and new calls, in which everything that was begun ends by itself; then everybody calls again. */
async function calmDown(world: World): Promise<readonly string[]> {
  const { clock, actors } = world;
  for (let hour = 0; hour < 30; hour += 1) {
    await deliverAll(world);
    clock.moveTo(clock.now() + 3_600n * SECOND);
  }
  await deliverAll(world);
  const violations = await checkUnattended(actors);
  for (const actor of actors) {
    actor.actOnAll();
  }
  await deliverAll(world);
  // A call may wait for what another process was told: it looks again after some seconds.
  clock.moveTo(clock.now() + 10n * SECOND);
  await deliverAll(world);
  return violations;
}

async function peace(world: World): Promise<void> {
  const { clock, network } = world;
  for (let day = 0; day < PEACE_DAYS; day += 1) {
    clock.moveTo(clock.now() + DAY);
    network.publish(network.ledger.runChores(clock.now()));
    await deliverAll(world);
  }
}

async function deliverAll({ network, actors }: World): Promise<void> {
  await settle();
  for (let round = 0; round < 10_000; round += 1) {
    while (network.waitingForAuthority > 0) {
      network.deliverToAuthority();
    }
    for (const actor of actors) {
      actor.revive();
    }
    await settle();
    const isBusy = actors.flatMap((actor) => actor.lives.map((life) => life.deliver())).some((did) => did);
    await settle();
    if (!isBusy && network.waitingForAuthority === 0) {
      return;
    }
  }
}

/** All that can happen without new messages and without time passing happens: nothing in a client waits for anything else. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
