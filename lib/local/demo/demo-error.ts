/** The one kind of error that the demo ends with when something is not as it should be. */

/** The message is one sentence for a person. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}
