/** The one kind of error that is written for the person who starts the local run: a sentence without a stack trace. */

/** The local run can't start or go on as asked. The message says what is wrong and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
