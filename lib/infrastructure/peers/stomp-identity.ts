/** Where the authority's server certificate and its key are kept: in a secret that the operator makes, never in a template. */

/** A secret with the JSON `{"certificate": "…", "key": "…"}`, both in PEM. */
export function stompIdentitySecretName(stackName: string): string {
  return `${stackName}/stomp-identity`;
}
