/** When a message that could not be handled comes again. */

/** What makes messages fail for hours is an outage, so the longest delay is how late they may be handled after its end. */
const MAX_SECONDS = 900;

/**
 * Doubles with each receive, up to a quarter of an hour, so that an overloaded or broken part gets room, and an outage of days
 * does not use up the receives that a message has. Between half of that and all of it, by chance, so that messages that
 * failed together do not come again together.
 * @param receiveCount how often the message was received, this time included
 * @param chance from 0 up to 1
 * @returns whole seconds
 */
export function returnDelaySeconds(receiveCount: number, chance: number): number {
  const longest = Math.min(MAX_SECONDS, 2 ** Math.min(receiveCount, 30));
  return Math.ceil((longest / 2) * (1 + chance));
}
