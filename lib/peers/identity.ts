/** With what the authority shows itself to its peers: its server certificate, which its own root has signed, and the key. */

/** Both in PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/**
 * Reads the secret in which the operator keeps them.
 * @param text JSON
 * @throws {Error} that repeats nothing of the text
 */
export function parseIdentity(text: string): Identity {
  try {
    const { certificate, key } = JSON.parse(text);
    if (typeof certificate === 'string' && typeof key === 'string') {
      return { certificate, key };
    }
  } catch {
    // Told below, without the text.
  }
  throw new Error(
    'The secret of the server certificate must be {"certificate": "…", "key": "…"}, both in PEM.',
  );
}
