/** The one kind of error with which the demo ends when it finds something wrong. */

/** The message is one sentence for a person. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}
