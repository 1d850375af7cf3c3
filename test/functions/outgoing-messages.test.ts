import type { SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { outgoingMessage, reportTo } from '../../functions/runtime/outgoing-messages.ts';
import { TestTelemetry } from '../support/shell-surroundings.ts';

describe('A message in the queue for a peer', () => {
  it('has the type that it was published with', () => {
    const record = {
      messageId: 'm1',
      body: '{"type":"AccountPurge"}',
      messageAttributes: { type: { stringValue: 'AccountPurge', dataType: 'String' } },
    };
    expect(outgoingMessage(record as unknown as SQSRecord)).toStrictEqual({
      id: 'm1',
      type: 'AccountPurge',
      body: '{"type":"AccountPurge"}',
    });
  });
});

describe('What becomes of messages for a peer', () => {
  it('is counted, and told with the reason', () => {
    const telemetry = new TestTelemetry();
    const report = reportTo(telemetry, 'p1');
    report({ kind: 'sent', count: 7 });
    report({ kind: 'refused', id: 'm1', reason: 'not that' });
    report({ kind: 'failed', reason: 'away' });
    expect(telemetry.counts).toStrictEqual({ 'Peer.sent': 7, 'Peer.refused': 1, 'Peer.failed': 1 });
    expect(telemetry.log.map(({ details }) => details)).toStrictEqual([
      { peerId: 'p1', messageId: 'm1', reason: 'not that' },
      { peerId: 'p1', reason: 'away' },
    ]);
  });
});
