/** Reads messages for a peer from its queue, as SNS puts them there, and reports what becomes of them. */

import type { SQSRecord } from 'aws-lambda';
import type { OutgoingMessage } from '../../lib/peers/sender/outgoing-message.ts';
import type { SendEvent } from '../../lib/peers/sender/send-to-peer.ts';
import type { Telemetry } from '../../lib/shell/telemetry.ts';

/** With raw delivery, the attributes of the published message are those of the delivered one. */
export function outgoingMessage({ messageId, body, messageAttributes }: SQSRecord): OutgoingMessage {
  return { id: messageId, type: messageAttributes.type?.stringValue ?? '', body };
}

export function reportTo({ count, info, warn }: Telemetry, peerId: string): (event: SendEvent) => void {
  return (event) => {
    switch (event.kind) {
      case 'sent':
        count('Peer.sent', event.count);
        return;
      case 'refused':
        count('Peer.refused');
        warn('The peer refuses a message.', { peerId, messageId: event.id, reason: event.reason });
        return;
      default:
        count('Peer.failed');
        info('A connection to the peer ended early.', { peerId, reason: event.reason });
    }
  };
}
