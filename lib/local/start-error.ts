/** The one kind of error that a person who starts the local run is meant to read: a sentence without a stack trace. */

/** The local run can't start (or go on) as it was asked to. The message says what is wrong and what to do about it. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
