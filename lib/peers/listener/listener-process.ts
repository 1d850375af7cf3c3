/** The listener as a process of its own: reads the network, listens, follows changes, and ends in order when it is told to. */

import { setTimeout } from 'node:timers/promises';
import type { Network } from '../peer.ts';
import { peerQueueNames } from '../queue-names.ts';
import { answerHealthChecks } from './health.ts';
import type { NetworkSource } from './network-source.ts';
import type { ReportLines } from './report-lines.ts';
import { type ListenerTools, StompListener } from './stomp-listener.ts';

export interface ListenerProcess {
  readonly identity: ListenerTools['identity'];
  readonly source: NetworkSource;
  /** Puts messages into the queue of that name. @returns how many, from the first one on, are there now; never throws */
  readonly store: (queueName: string, bodies: readonly string[]) => Promise<number>;
  readonly stackName: string;
  readonly port: number;
  readonly healthPort: number;
  readonly reports: ReportLines;
}

export interface RunningListener {
  readonly port: number;
  readonly healthPort: number;
  /** Refuses connections, finishes what is on its way, and ends. */
  readonly stop: () => Promise<void>;
}

/** How often the network is read again and metrics are reported. */
const MINUTE_MS = 60_000;
/** How often the network is looked for when it is not there yet. */
const FIRST_RETRY_MS = 10_000;

/** @throws {Error} when the network can't be read, or a port is taken */
export async function startListenerProcess(parts: ListenerProcess): Promise<RunningListener> {
  const { source, reports, stackName } = parts;
  let isClosing = false;
  // Healthy from the start, or a first deployment, whose bucket is empty, would never come to its end.
  const health = await answerHealthChecks(parts.healthPort, () => !isClosing);
  let network = await firstNetwork(source, reports);
  const listener = new StompListener({
    identity: parts.identity,
    network: () => network,
    store: (peer, bodies) => parts.store(peerQueueNames(stackName, peer).incoming, bodies),
    now: () => BigInt(Date.now()) * 1_000n,
    reports,
  });
  const port = await listener.listen({ port: parts.port });
  const follow = async (): Promise<void> => {
    const next = await readAgain(source, network, reports);
    if (next !== network) {
      network = next;
      listener.networkChanged();
      reports.log('info', 'The network has changed.', { peers: network.peers.length });
    }
    reports.flush();
  };
  const timer = setInterval(() => void follow(), MINUTE_MS);
  reports.log('info', 'Listening.', { port, authority: network.nodeId, peers: network.peers.length });
  return {
    port,
    healthPort: (health.address() as { readonly port: number }).port,
    stop: async () => {
      isClosing = true;
      clearInterval(timer);
      await listener.close();
      health.close();
      reports.log('info', 'Stopped.', {});
      reports.flush();
    },
  };
}

/** @throws {Error} when the network can't be read, and nobody will put it there later */
async function firstNetwork(source: NetworkSource, reports: ReportLines): Promise<Network> {
  for (;;) {
    try {
      return await source.read();
    } catch (error) {
      if (!source.mayComeLater) {
        throw error;
      }
      tellUnreadable(error, reports);
      reports.flush();
      await setTimeout(FIRST_RETRY_MS);
    }
  }
}

function tellUnreadable(error: unknown, reports: ReportLines): void {
  reports.count('Network.unreadable', undefined);
  const reason = error instanceof Error ? error.message : String(error);
  reports.log('warn', 'The network can not be read.', { reason });
}

/** A network with a mistake in it, or one that can't be reached now, is no reason to stop: the last good one stays. */
async function readAgain(source: NetworkSource, network: Network, reports: ReportLines): Promise<Network> {
  try {
    const next = await source.read();
    return JSON.stringify(next) === JSON.stringify(network) ? network : next;
  } catch (error) {
    tellUnreadable(error, reports);
    return network;
  }
}
