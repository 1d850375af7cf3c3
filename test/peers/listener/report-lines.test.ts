import { describe, expect, it } from 'vitest';
import { reportLines } from '../../../lib/peers/listener/report-lines.ts';

function newReports() {
  const lines: unknown[] = [];
  const reports = reportLines({
    namespace: 'Space',
    stackName: 'Stack',
    print: (line) => lines.push(JSON.parse(line)),
    now: () => 1_800_000_000_000,
  });
  return { lines, reports };
}

describe('What the listener reports', () => {
  it('is summed up for each peer, and told once', () => {
    const { lines, reports } = newReports();
    reports.count('Messages.received', 'p1', 10);
    reports.count('Messages.received', 'p1', 5);
    reports.count('Messages.refused', 'p1');
    reports.count('Handshakes.failed', undefined);
    reports.flush();
    reports.flush();
    const metrics = (...names: string[]) => ({
      Timestamp: 1_800_000_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'Space',
          Dimensions: [['service', 'stack', 'peer']],
          Metrics: names.map((Name) => ({ Name, Unit: 'Count' })),
        },
      ],
    });
    const common = { service: 'stomp-listener', stack: 'Stack' };
    expect(lines).toStrictEqual([
      {
        _aws: metrics('Messages.received', 'Messages.refused'),
        ...common,
        peer: 'p1',
        'Messages.received': 15,
        'Messages.refused': 1,
      },
      { _aws: metrics('Handshakes.failed'), ...common, peer: 'none', 'Handshakes.failed': 1 },
    ]);
  });

  it('is logged as one object a line', () => {
    const { lines, reports } = newReports();
    reports.log('warn', 'A message is refused.', { peerId: 'p1', reason: 'no "such"\nthing' });
    expect(lines).toStrictEqual([
      {
        level: 'WARN',
        timestamp: '2027-01-15T08:00:00.000Z',
        service: 'stomp-listener',
        message: 'A message is refused.',
        peerId: 'p1',
        reason: 'no "such"\nthing',
      },
    ]);
  });
});
