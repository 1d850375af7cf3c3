/** When a message that could not be handled comes again. */

/** What makes messages fail for hours is an outage, so the longest delay is how late they may be handled after its end. */
const MAX_SECONDS = 900;
/** Whoever was away gets messages so soon after coming back. What failed attempts cost meanwhile is little. */
const MAX_SECONDS_FOR_PEER = 60;

/**
 * Doubles with each receive, up to a quarter of an hour, so that an overloaded or broken part gets room, and an outage of days
 * does not use up the receives that a message has. Between half of that and all of it, by chance, so that messages that
 * failed together do not come again together.
 * @param receiveCount how often the message was received, this time included
 * @param chance from 0 up to 1
 * @returns whole seconds
 */
export function returnDelaySeconds(receiveCount: number, chance: number): number {
  return delayWithin(MAX_SECONDS, receiveCount, chance);
}

/** The same for a message that a peer did not take, up to a minute: nothing limits how often it may be received. */
export function returnDelayForPeerSeconds(receiveCount: number, chance: number): number {
  return delayWithin(MAX_SECONDS_FOR_PEER, receiveCount, chance);
}

function delayWithin(maxSeconds: number, receiveCount: number, chance: number): number {
  const longest = Math.min(maxSeconds, 2 ** Math.min(receiveCount, 30));
  return Math.ceil((longest / 2) * (1 + chance));
}
