/** A mistake in what describes the network: one sentence that begins with the file and the field. */

export class PeersError extends Error {
  override readonly name = 'PeersError';
  /** The path of the file, as it was opened. */
  readonly file: string;
  readonly field: string;

  /**
   * @param place the file, and the field in it or what the file holds
   * @param words the rest of a sentence that begins with the field
   */
  constructor({ file, field }: { readonly file: string; readonly field: string }, words: string) {
    super(`${file}: ${field} ${words}.`);
    this.file = file;
    this.field = field;
  }
}
