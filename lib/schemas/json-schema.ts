/** JSON Schemas as values, and their exact text: bigints and literals keep all their digits. */

/** A value of a generated document. `bigint` stands for an integer beyond what a double holds, `Literal` for text that is JSON already. */
export type DocumentValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | Literal
  | readonly DocumentValue[]
  | { readonly [key: string]: DocumentValue };

/** A JSON Schema, with those keywords only that draft 07 and 2020-12 have in common. */
export type JsonSchema = { readonly [keyword: string]: DocumentValue };

/** The text of a JSON number, which is printed as it is. */
export interface Literal {
  readonly rawJSON: string;
}

/** What TypeScript's library does not declare yet. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => Literal };

/** The text of a document, indented, with a line feed at its end. */
export function printDocument(document: DocumentValue): string {
  const exact = (_key: string, value: unknown): unknown =>
    typeof value === 'bigint' ? rawJSON(value.toString()) : value;
  return `${JSON.stringify(document, exact, 2)}\n`;
}

/** The value of a JSON text, whose numbers are printed again as they were written. */
export function literally(json: string): DocumentValue {
  const exact = (_key: string, value: unknown, { source }: { readonly source: string }): unknown =>
    typeof value === 'number' ? rawJSON(source) : value;
  return JSON.parse(json, exact as (key: string, value: unknown) => unknown);
}
