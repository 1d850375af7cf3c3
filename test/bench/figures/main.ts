/** `npm run figures`: puts the figures of docs/figures.json into the documents; with result files, those first into that. */

import { readFileSync } from 'node:fs';
import type { BenchResults } from '../results.ts';
import { updateDocuments } from './documents.ts';
import { readFigures, withResults, writeFigures } from './figures.ts';

const figures = process.argv
  .slice(2)
  .map((file): BenchResults => JSON.parse(readFileSync(file, 'utf8')))
  .reduce(withResults, readFigures());
writeFigures(figures);
updateDocuments(readFigures());
