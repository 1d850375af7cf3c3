import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../lib/infrastructure/functions.ts';
import { type Bundle, measureBundle, measureBundles } from './bundles.ts';
import { printBundles } from './bundles-command.ts';

let codeFolder: string;

beforeEach(() => {
  codeFolder = mkdtempSync(join(tmpdir(), 'bundle-'));
});

afterEach(() => {
  rmSync(codeFolder, { recursive: true });
});

function aBundle(text: string): Bundle {
  writeFileSync(join(codeFolder, 'index.mjs'), text);
  return { name: 'some-function', codeFolder, environment: { NEEDED: 'given' } };
}

describe('Measuring a bundle', () => {
  it('tells its size and the time that loading takes, in the environment that it needs', async () => {
    const load = `
      if (process.env.NEEDED !== 'given') throw new Error('Something is missing.');
      await new Promise((resolve) => setTimeout(resolve, 30));
      console.log('It may say something.');
      setInterval(() => {}, 1_000);
      export const handler = () => {};`;
    const { loadMs, ...others } = await measureBundle(aBundle(load.padEnd(2_500)), 2);
    expect(others).toStrictEqual({ name: 'some-function', kilobytes: 2.5 });
    expect(loadMs).toBeGreaterThanOrEqual(29);
  });

  it('fails with the function’s name when the bundle throws, or has no handler', async () => {
    await expect(measureBundle(aBundle("throw new Error('Not today.');"), 1)).rejects.toThrow(
      /^The bundle of some-function can't be loaded: .*Error: Not today\./s,
    );
    await expect(measureBundle(aBundle('export default () => {};'), 1)).rejects.toThrow(
      /^The bundle of some-function can't be loaded: .*It exports no handler\./s,
    );
  });
});

describe('Measuring all bundles', () => {
  it('measures each function of the accounting stack', async () => {
    const results = await measureBundles({ loadCount: 1 });
    const names = FUNCTION_NAMES.filter((name) => name !== 'send-to-peer');
    expect(results.map(({ name }) => name).sort()).toStrictEqual(names.sort());
    expect(results.filter(({ kilobytes, loadMs }) => !(kilobytes > 10 && loadMs > 1))).toStrictEqual([]);
  });

  it('is told as a table that ends in the budget', () => {
    const table = printBundles([
      { name: 'process-messages', kilobytes: 512.3, loadMs: 98.7 },
      { name: 'run-chores', kilobytes: 1_024, loadMs: 7 },
    ]);
    expect(table.split('\n')).toStrictEqual([
      'function                   KB  load ms',
      'process-messages          512       99',
      'run-chores               1024        7',
      'budget                   1000      150',
    ]);
  });
});
