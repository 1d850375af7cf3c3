/**
 * `npm run figures`: puts the figures of docs/figures.json into the documents. With result files of the benchmark, first what they
 * say into that: of several runs, those with the median speed.
 */

import { readFileSync } from 'node:fs';
import { loadWarning } from '../report/head-section.ts';
import type { BenchResults } from '../results.ts';
import { updateDocuments } from './documents.ts';
import { readFigures, withResults, writeFigures } from './figures.ts';

const USAGE = `Puts the figures of docs/figures.json into the documents.

  npm run figures                                the documents only, after figures.json or what prints it has changed
  npm run figures -- .bench/results.json …       first take over what these runs of the benchmark have measured
`;

const files = process.argv.slice(2);
const option = files.find((file) => file.startsWith('-'));
if (option !== undefined) {
  console.log(
    option === '--help'
      ? USAGE
      : `There is no option ${option}; npm run figures -- --help shows what there is.`,
  );
  process.exit(option === '--help' ? 0 : 2);
}
const results = files.map(readResults);
for (const { machine, startedAt } of results) {
  const warning = loadWarning(machine);
  if (warning !== undefined) {
    console.error(`⚠ ${startedAt}: ${warning} Measure again before anybody reads these figures.`);
  }
}
writeFigures(withResults(readFigures(), ...results));
updateDocuments(readFigures());

function readResults(file: string): BenchResults {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = (error as Error).message;
    console.error(
      `${file} has no results of the benchmark (${reason}); npm run bench makes .bench/results.json.`,
    );
    return process.exit(2);
  }
}
