/** How the page searches what it shows. */

/** Accounts are found as the page writes them, `debtor:creditor`, and as clients do, `debtor/creditor`. */
export function accountWords(debtor = '', creditor = ''): string {
  return creditor === '' ? debtor : `${debtor}:${creditor} ${debtor}/${creditor}`;
}

/** Whether a text in lower case has each of the words that somebody typed. */
export function matcher(typed: string): (text: string) => boolean {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return (text) => words.every((word) => text.includes(word));
}
