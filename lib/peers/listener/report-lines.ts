/** Reports of a listener as lines of JSON: a log, and metrics for each peer in CloudWatch's embedded format. */

import type { ListenerReports } from './stomp-listener.ts';

export interface ReportLines extends ListenerReports {
  /** Prints what was counted since the last time. */
  readonly flush: () => void;
}

export interface ReportPlace {
  readonly namespace: string;
  readonly stackName: string;
  readonly print: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const SERVICE = 'stomp-listener';
/** Of what is about no peer, such as handshakes of strangers. */
const NOBODY = 'none';

export function reportLines({ namespace, stackName, print, now }: ReportPlace): ReportLines {
  /** By peer and by name. There are as many as there are peers, whoever connects. */
  const sums = new Map<string, Map<string, number>>();
  return {
    count: (name, peerId = NOBODY, amount = 1) => {
      const ofPeer = sums.get(peerId) ?? new Map<string, number>();
      sums.set(peerId, ofPeer.set(name, (ofPeer.get(name) ?? 0) + amount));
    },
    log: (level, message, details) => {
      const timestamp = new Date(now()).toISOString();
      print(JSON.stringify({ level: level.toUpperCase(), timestamp, service: SERVICE, message, ...details }));
    },
    flush: () => {
      for (const [peer, counts] of sums) {
        const Metrics = [...counts.keys()].map((Name) => ({ Name, Unit: 'Count' }));
        const CloudWatchMetrics = [
          { Namespace: namespace, Dimensions: [['service', 'stack', 'peer']], Metrics },
        ];
        print(
          JSON.stringify({
            _aws: { Timestamp: now(), CloudWatchMetrics },
            service: SERVICE,
            stack: stackName,
            peer,
            ...Object.fromEntries(counts),
          }),
        );
      }
      sums.clear();
    },
  };
}
