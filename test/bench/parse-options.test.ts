import { describe, expect, it } from 'vitest';
import { printLoad } from './load.ts';
import { parseOptions } from './parse-options.ts';
import { caseRuns, loadRuns } from './planned-runs.ts';

function runsOf(...args: readonly string[]): string[] {
  return loadRuns(parseOptions(args)).map(
    ({ benchCase, load, transferCount, warmUpCount }) =>
      `${benchCase.name}, ${printLoad(load)}: ${transferCount} after ${warmUpCount}`,
  );
}

describe('The loads that are measured', () => {
  it('are a few with few payments, by default', () => {
    expect(runsOf()).toStrictEqual([
      'many-to-many, 1 a second: 20 after 4',
      'many-to-many, 1 under way: 100 after 20',
      'many-to-many, 64 under way: 1500 after 300',
      'many-to-many, 4,000 under way: 5000 after 1000',
    ]);
  });

  it('are those that are asked for', () => {
    expect(
      runsOf('--under-way', '8', '--pace', '0.5', '--transfers', '40', '--case', 'circular'),
    ).toStrictEqual(['circular, 0.5 a second: 40 after 8', 'circular, 8 under way: 40 after 8']);
  });

  it('come again after all others when they are repeated', () => {
    const once = ['many-to-many, 8 under way: 40 after 8', 'many-to-many, 64 under way: 40 after 8'];
    const options = ['--under-way', '8', '--under-way', '64', '--transfers', '40', '--repeat', '2'];
    expect(runsOf(...options)).toStrictEqual([...once, ...once]);
  });

  it('go from one to twenty thousand under way in a whole run, where budgets hold for a busy account, too', () => {
    expect(runsOf('--all')).toStrictEqual([
      'many-to-many, 1 a second: 60 after 12',
      'many-to-many, 1 under way: 100 after 20',
      'many-to-many, 8 under way: 480 after 96',
      'many-to-many, 64 under way: 3840 after 768',
      'many-to-many, 512 under way: 8000 after 1600',
      'many-to-many, 4,000 under way: 10000 after 2000',
      'many-to-many, 20,000 under way: 50000 after 10000',
      'one-to-many, 4,000 under way: 10000 after 2000',
      'many-to-one, 4,000 under way: 10000 after 2000',
    ]);
  });
});

describe('The options', () => {
  it('choose parts: the loads by default, all parts in a whole run', () => {
    expect([...parseOptions([]).parts]).toStrictEqual(['loads']);
    expect(parseOptions(['--all']).parts.size).toBe(8);
    expect([...parseOptions(['--part', 'direct']).parts]).toStrictEqual(['direct']);
  });

  it('choose cases, and a part of their payments', () => {
    const runs = caseRuns(parseOptions(['--case', 'burst', '--divide', '10']));
    expect(
      runs.map(({ benchCase, transferCount, warmUpCount }) => [benchCase.name, transferCount, warmUpCount]),
    ).toStrictEqual([['burst', 100, 0]]);
  });

  it.each([
    [['--case', 'bust'], '--case is "bust"; it must be one of isolated, many-to-many,'],
    [['--under-way', '0'], '--under-way is "0"; it must be a whole number from 1.'],
    [['--pace', '0'], '--pace is "0"; it must be a number above 0.'],
    [['--endpoint', 'http://127.0.0.1'], '--endpoint needs --outputs'],
    [['--outputs', '/nowhere.json'], '--outputs is /nowhere.json, and there is no such file.'],
  ])('are refused when they are wrong: %s', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
