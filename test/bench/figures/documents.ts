/** Puts the measured figures into the documents, between the marks that say which belong where. */

import { readFileSync, writeFileSync } from 'node:fs';
import { BLOCKS } from './blocks.ts';
import { documentPath, type Figure } from './figures.ts';

/** The documents that state figures. */
export const DOCUMENTS = ['../README.md', 'benchmarks.md', 'cost.md', 'capacity.md'];

const BLOCK = /(<!-- figures: ([a-z-]+) -->\n\n).*?(\n\n<!-- end of figures -->)/gs;

/**
 * The text with the figures as they are now.
 * @throws {Error} when it asks for a block that there is not
 */
export function withFigures(text: string, figures: readonly Figure[]): string {
  return text.replace(BLOCK, (_, start: string, name: string, end: string) => {
    const print = BLOCKS[name];
    if (print === undefined) {
      throw new Error(`There are no figures ${name}, only ${Object.keys(BLOCKS).join(', ')}.`);
    }
    return `${start}${print(figures)}${end}`;
  });
}

/** The names of the blocks that a document has. */
export function blocksIn(text: string): string[] {
  return [...text.matchAll(BLOCK)].map(([, , name = '']) => name);
}

export function readDocument(name: string): string {
  return readFileSync(documentPath(name), 'utf8');
}

/** Rewrites all documents. */
export function updateDocuments(figures: readonly Figure[]): void {
  for (const name of DOCUMENTS) {
    writeFileSync(documentPath(name), withFigures(readDocument(name), figures));
  }
}
