/** The one kind of error that a person who deploys for the tests is meant to read. */

/** The message is one sentence. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}
