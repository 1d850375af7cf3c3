/**
 * `npm run figures`: puts the figures of docs/figures.json into the documents. With result files of the benchmark, first what they
 * say into that: of several runs, those with the median speed.
 */

import { readFileSync } from 'node:fs';
import { loadWarning } from '../report/head-section.ts';
import type { BenchResults } from '../results.ts';
import { updateDocuments } from './documents.ts';
import { readFigures, withResults, writeFigures } from './figures.ts';

const results = process.argv.slice(2).map((file): BenchResults => JSON.parse(readFileSync(file, 'utf8')));
for (const { machine, startedAt } of results) {
  const warning = loadWarning(machine);
  if (warning !== undefined) {
    console.error(`⚠ ${startedAt}: ${warning} Measure again before anybody reads these figures.`);
  }
}
writeFigures(withResults(readFigures(), ...results));
updateDocuments(readFigures());
