/** What a user wrote that can't be meant, and answers that did not come. */

/** The command line can't be carried out as it is: one sentence, with what to write instead. Nothing was sent. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The time that the user gave was over before the answer came. What was asked for goes on. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}
