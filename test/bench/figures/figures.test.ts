/** Documents state what was measured: every figure that several of them share comes from one file. */

import { describe, expect, it } from 'vitest';
import { pace, underWay } from '../load.ts';
import { aCase, aRun } from '../report/a-run.ts';
import type { BenchResults } from '../results.ts';
import { BLOCKS } from './blocks.ts';
import { blocksIn, DOCUMENTS, readDocument, withFigures } from './documents.ts';
import { readFigures, titleOf, withResults } from './figures.ts';

describe('The documents', () => {
  it.each(DOCUMENTS)('state the figures of docs/figures.json; `npm run figures` repairs it: %s', (name) => {
    const text = readDocument(name);
    expect(withFigures(text, readFigures())).toBe(text);
  });

  it('state all of them', () => {
    const stated = new Set(DOCUMENTS.flatMap((name) => blocksIn(readDocument(name))));
    expect([...stated].toSorted()).toStrictEqual(Object.keys(BLOCKS).toSorted());
  });

  it('can not ask for what was never measured', () => {
    const text = '<!-- figures: nothing -->\n\nold\n\n<!-- end of figures -->';
    expect(() => withFigures(text, [])).toThrow('There are no figures nothing, only reference, loads');
  });
});

describe('New results', () => {
  const old = withResults([], aRun({ cases: [aCase(), aCase({ name: 'circular' })] }));

  it('take the place of older ones of the same case, load and authority, and leave the others', () => {
    const startedAt = '2026-12-01T00:00:00.000Z';
    const loads = [underWay(1_000), underWay(8), pace(1)].map((load) => aCase({ load }));
    const figures = withResults(old, aRun({ startedAt, cases: loads }));
    expect(figures.map((figure) => `${titleOf(figure)}: ${figure.measuredOn}`)).toStrictEqual([
      'burst, 1 a second: 2026-12-01',
      'burst, 8 under way: 2026-12-01',
      'burst, 1,000 under way: 2026-12-01',
      'circular, 1,000 under way: 2026-11-22',
    ]);
  });

  it('of several runs are those with the median speed, beside the speeds of all', () => {
    const [fast, slow, middle] = [900, 100, 300].map((transfersPerSecond) =>
      aRun({ cases: [aCase({ transfersPerSecond, processorsBusy: transfersPerSecond })] }),
    );
    const [burst] = withResults(old, fast as BenchResults, slow as BenchResults, middle as BenchResults);
    expect([burst?.transfersPerSecond, burst?.speeds]).toStrictEqual([300, [100, 300, 900]]);
  });

  it('change nothing where something was wrong, or nobody knows what was spent', () => {
    const cases = [aCase({ faults: ['lost'], transfersPerSecond: 9 }), aCase({ usage: undefined })];
    expect(withResults(old, aRun({ cases }))).toStrictEqual(old);
  });
});
