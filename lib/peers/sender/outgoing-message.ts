/** A message on its way to a peer, and what its size may be. */

import { FRAME_LIMITS } from '../stomp/frame.ts';

export interface OutgoingMessage {
  /** Names this delivery of the message; no other one of the batch has the same. */
  readonly id: string;
  /** The message's type, as the protocol names it. */
  readonly type: string;
  /** JSON. */
  readonly body: string;
}

/** Why no peer would take the message; `undefined` when it may be sent. */
export function unfitReason({ body }: OutgoingMessage): string | undefined {
  const bytes = Buffer.byteLength(body);
  return bytes > FRAME_LIMITS.bodyBytes
    ? `The message has ${bytes} bytes, more than the ${FRAME_LIMITS.bodyBytes} that peers take.`
    : undefined;
}
