/** Instants on the wire, for tests that compare them: microseconds since 1970, independently of the code under test. */

const FORM = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{6}))?\+00:00$/;

/** @throws {Error} for a text that is not in the authority's form */
export function instant(text: unknown): bigint {
  const match = FORM.exec(String(text));
  if (match === null) {
    throw new Error(`${JSON.stringify(text)} is not an instant as the authority writes it.`);
  }
  return BigInt(Date.parse(`${match[1]}Z`)) * 1_000n + BigInt(match[2] ?? 0);
}

/** The instant so many milliseconds from now, in a form that clients may use. */
export function fromNow(milliseconds: number): string {
  return new Date(Date.now() + milliseconds).toISOString();
}

/** The greatest difference between the clocks of two machines. */
const CLOCK_DIFFERENCE_MS = 5 * 60_000;

export function isAboutNow(text: unknown): boolean {
  return Math.abs(Number(instant(text) / 1_000n) - Date.now()) < CLOCK_DIFFERENCE_MS;
}
