/**
 * The numbers of items' forms, and what newer releases have added to a form: it is carried through unchanged, and no put of a
 * whole item strips it. An item of a newer form is refused, since nobody can know what is still true of it.
 */

import type { Carried } from '../rules/carried.ts';
import type { Item, PackedCodec } from './fields.ts';

/** The attribute that says which form an item has. */
export const FORM_ATTRIBUTE = 'form';

export interface ItemForm {
  /** The form that this release writes, and the newest that it reads. */
  readonly number: bigint;
  /** All attributes of the form, those of the key included. */
  readonly attributes: ReadonlySet<string>;
  /** Those of them that hold several values. */
  readonly packed?: readonly Pick<PackedCodec<never>, 'attribute' | 'wordCount'>[];
}

/** @throws {Error} when the item has no form, or a newer one than this release knows */
export function checkForm(item: Item, { number }: ItemForm): void {
  const form = item[FORM_ATTRIBUTE];
  if (typeof form !== 'bigint' || form < 1n) {
    throw new Error('it has no form number');
  }
  if (form > number) {
    throw new Error(`its form is ${form}, and this release knows forms up to ${number}`);
  }
}

/** What the item has beyond its form, as a property for the decoded value; nothing where it has nothing. */
export function carriedBy(item: Item, { attributes, packed = [] }: ItemForm): { readonly carried?: Carried } {
  const unknown = Object.entries(item).filter(([name]) => !attributes.has(name));
  const words = packed.flatMap(({ attribute, wordCount }) => {
    const rest = restAfter(item[attribute], wordCount);
    return rest === undefined ? [] : [[attribute, rest] as const];
  });
  return unknown.length + words.length === 0
    ? {}
    : { carried: { attributes: Object.fromEntries(unknown), words: Object.fromEntries(words) } };
}

/** The encoded item with its form's number and with what it was read with. */
export function withCarried(item: Item, { number }: ItemForm, carried: Carried | undefined): Item {
  item[FORM_ATTRIBUTE] = number;
  if (carried === undefined) {
    return item;
  }
  for (const [attribute, rest] of Object.entries(carried.words)) {
    if (typeof item[attribute] === 'string') {
      item[attribute] += ` ${rest}`;
    }
  }
  return { ...(carried.attributes as Item), ...item };
}

/** What follows so many words and the space after them. */
function restAfter(value: Item[string] | undefined, wordCount: number): string | undefined {
  if (typeof value !== 'string') {
    return undefined;
  }
  let end = -1;
  for (let count = 0; count < wordCount; count += 1) {
    end = value.indexOf(' ', end + 1);
    if (end === -1) {
      return undefined;
    }
  }
  return value.slice(end + 1);
}
