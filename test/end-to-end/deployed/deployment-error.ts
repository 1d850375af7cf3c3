/** An error for the person who deploys for the tests. */

/** The message is one sentence. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}
