/** Heart-beats of STOMP 1.2: what two sides offer each other, and what comes of it. */

/** What one side can do and wants, in milliseconds; 0 for not at all. */
export interface HeartBeatOffer {
  /** It can send something this often. */
  readonly sends: number;
  /** It wants to get something this often. */
  readonly wants: number;
}

export const NO_HEART_BEAT: HeartBeatOffer = { sends: 0, wants: 0 };

/** @returns `undefined` when it is no offer */
export function parseHeartBeat(text: string): HeartBeatOffer | undefined {
  const match = /^([0-9]{1,9}),([0-9]{1,9})$/.exec(text);
  return match === null ? undefined : { sends: Number(match[1]), wants: Number(match[2]) };
}

export function printHeartBeat({ sends, wants }: HeartBeatOffer): string {
  return `${sends},${wants}`;
}

/** How often one side sends something to the other, in milliseconds; 0 for never. */
export function heartBeatPeriod({ sends }: HeartBeatOffer, { wants }: HeartBeatOffer): number {
  return sends === 0 || wants === 0 ? 0 : Math.max(sends, wants);
}
