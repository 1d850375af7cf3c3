/** How messages are put together into batch calls of SQS, which limits their number and their size. */

/** SQS takes ten entries in a call. */
const MAX_ENTRIES = 10;
/** Of all entries of a call together. Wherever SQS takes more by now, it takes a larger message in a call of its own. */
const MAX_BYTES = 262_144;

/** @param bytesOf the size of a message with its attributes; one beyond the limit is alone in its call */
export function inSizedCalls<T>(messages: readonly T[], bytesOf: (message: T) => number): T[][] {
  const calls: T[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = bytesOf(message);
    const call = calls.at(-1);
    if (call === undefined || call.length === MAX_ENTRIES || bytes + size > MAX_BYTES) {
      calls.push([message]);
      bytes = size;
    } else {
      call.push(message);
      bytes += size;
    }
  }
  return calls;
}
