/** How our own sentences quote a text that a sender made. */

const MAX_REPEATED_CHARACTERS = 40;

/** At most 40 characters of the text, in quotes, with `?` for what is not printable ASCII; safe in logs and attributes. */
export function quoted(text: string): string {
  const start = text.slice(0, MAX_REPEATED_CHARACTERS);
  return `"${start.replace(/[^\x20-\x7e]/g, '?')}${start === text ? '' : '...'}"`;
}
