import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pace, underWay } from '../load.ts';
import type { BenchResults } from '../results.ts';
import { aCase, aMemoryResult, aRun, aUsage } from './a-run.ts';
import { writeReport } from './write-report.ts';
import { labelsOf, pathOfFault } from './xml-check.ts';

const parent = mkdtempSync(join(tmpdir(), 'bench-report-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** The files of the report, by their names. */
function filesOf(results: BenchResults): Record<string, string> {
  const folder = join(mkdtempSync(join(parent, 'run-')), 'new');
  writeReport(results, folder);
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}

/** The paragraphs under this heading. */
function sectionOf(report: string | undefined, title: string): string[] {
  const [, ...sections] = `\n${report}`.split(/\n#+ /);
  const [, ...paragraphs] =
    sections
      .find((section) => section.startsWith(title))
      ?.trim()
      .split('\n\n') ?? [];
  return paragraphs;
}

function headings(report: string | undefined): string[] {
  return [...(report ?? '').matchAll(/^#+ (.*)$/gm)].map(([, title]) => title ?? '');
}

const EVERYTHING = aRun({
  cases: [
    aCase({ authority: 'a <local> run & "more"' }),
    aCase({ name: 'issuing', usage: undefined, seconds: 0, faults: ['lost | one', 'two', 'three'] }),
  ],
  scaling: [
    { accountsInTable: 1_000, result: aCase({ name: 'spread', title: 'payments spread' }) },
    { accountsInTable: 1_000_000, result: aCase({ name: 'spread', transfersPerSecond: 450 }) },
  ],
  redelivery: { messageCount: 2_002, writeUnits: 0, readUnits: 1.5, publishedCount: 0 },
  contention: [1, 8].map((concurrency) => ({
    concurrency,
    messagesPerSecond: 700 / concurrency,
    commits: 80,
    conflicts: 20 * (concurrency - 1),
    returned: 0,
    bystandersMs: { p50: 14, p90: 20, p99: 28, max: 30 },
  })),
  memory: aMemoryResult({ title: 'senders <pay>' }),
  bundles: [{ name: 'run-chores', kilobytes: 1_100, loadMs: 90 }],
});

describe('The report of a run', () => {
  const files = filesOf(EVERYTHING);
  const report = files['report.md'];

  it('has a part for all that was measured, and shows every picture', () => {
    expect(headings(report)).toStrictEqual([
      'Benchmark',
      'Faults',
      'Budgets',
      'Throughput and latency',
      'What one transfer takes',
      'Who spent the CPU time',
      'Accounts in the table',
      'Messages that come again',
      'A busy account',
      'Memory',
      'Bundles',
      'Cost',
    ]);
    const shown = [...(report ?? '').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, name]) => name ?? '');
    expect(shown).toStrictEqual([
      'throughput.svg',
      'latency.svg',
      'cpu.svg',
      'scaling.svg',
      'contention.svg',
      'memory.svg',
    ]);
    expect(Object.keys(files).sort()).toStrictEqual([...shown, 'report.md'].sort());
  });

  it('leaves out what was not measured', () => {
    const { 'report.md': text, ...charts } = filesOf(aRun({ cases: [] }));
    expect([headings(text), charts]).toStrictEqual([['Benchmark'], {}]);
  });

  it('leaves out what nobody knows of a stack that somebody else runs', () => {
    const text = filesOf(aRun({ cases: [aCase({ usage: undefined })] }))['report.md'];
    expect(headings(text)).toStrictEqual(['Benchmark', 'Throughput and latency']);
  });

  it('says when and where it was', () => {
    expect(sectionOf(report, 'Benchmark')[0]?.split('\n')).toStrictEqual([
      '- Date: 2026-11-22 15:14 UTC',
      '- Machine: 2 × A Processor, 8 GB, Node v24.1.0',
      '- Load before: 0.25',
    ]);
  });

  it('warns when the machine was busy before', () => {
    const run = aRun({ machine: { ...aRun().machine, loadBefore: 1.5 } });
    expect(sectionOf(filesOf(run)['report.md'], 'Benchmark')[1]).toBe(
      '**⚠ The machine was busy before the run began (load 1.50, 2 processors): times are longer than they would be.**',
    );
  });

  it('tells throughput and times, and what went wrong', () => {
    expect(sectionOf(report, 'Throughput')[0]?.split('\n').map(cellsOf)).toStrictEqual([
      'case;load;authority;transfers;accounts;transfers/s;prepared p50 / p90 / p99;finalized p50 / p90 / p99;debited p50 / p90 / p99;credited p50 / p90 / p99;whole p50 / p90 / p99;result',
      '---;---;---;---:;---:;---:;---:;---:;---:;---:;---:;---',
      'burst;1,000 under way;a \\<local> run & "more";1,000;101;500;300 ms / 350 ms / 390 ms;400 ms / 900 ms / 1.2 s;410 ms / 910 ms / 1.21 s;700 ms / 1.1 s / 1.9 s;1 s / 1.5 s / 2.3 s;passed',
      'issuing;1,000 under way;a local run;1,000;101;—;—;—;—;—;—;✗ lost \\| one; two; and 1 more',
    ]);
    expect(sectionOf(report, 'Faults')).toStrictEqual([
      '- ✗ issuing (a local run): lost \\| one\n- ✗ issuing (a local run): two\n- ✗ issuing (a local run): three',
    ]);
  });

  it('tells what a transfer takes, with its budget', () => {
    const metrics = { ...aUsage().metrics, ReadUnits: 3_100 };
    const dear = filesOf(aRun({ cases: [aCase({ usage: aUsage({ metrics }) })] }))['report.md'];
    expect(sectionOf(dear, 'What one')[0]?.split('\n').map(cellsOf)[2]).toBe(
      'burst;1,000 under way;a local run;6.2 (≤ 7 ✓);3.1 (≤ 3 ✗);0.4;0.2;0.01;0.009;0.007;0.41;0.011;2.41;0.25;96 (process-messages)',
    );
    expect(sectionOf(dear, 'Budgets')[0]).toBe('**1 of 3 are exceeded.**');
  });

  it('tells how memory grew', () => {
    const [introduction, table] = sectionOf(report, 'Memory');
    expect(introduction).toMatch(/^senders \\<pay>; handlers fed directly\. /);
    expect(table?.split('\n').map(cellsOf)).toStrictEqual([
      'messages;MB at the start;MB at the end;bytes per message;MB of growth (≤ 4);peak MB, resident;result',
      '---:;---:;---:;---:;---:;---:;---',
      '1,000,000;36.13;36.5;0.524;0.5;280;flat',
    ]);
  });

  it('tells of memory of which little is known', () => {
    const memory = aMemoryResult({ growth: undefined, samples: [], faults: ['stretch 1: lost'] });
    const files = filesOf(aRun({ cases: [], memory }));
    expect(sectionOf(files['report.md'], 'Memory')[1]?.split('\n').map(cellsOf)[2]).toBe('0;—;—;—;—;0;✗');
    expect(pathOfFault(files['memory.svg'] ?? '')).toBeUndefined();
  });

  it('marks bundles that are too large', () => {
    expect(sectionOf(report, 'Bundles')[0]?.split('\n').map(cellsOf)[2]).toBe('run-chores;1,100 ✗;90 ✓');
  });

  it('says how a large table compares with a small one', () => {
    expect(sectionOf(report, 'Accounts in')[2]).toBe(
      'With 1,000,000 accounts instead of 1,000, throughput is 90 % of what it was, and a transfer takes 6.2 write units instead of 6.2 and 1.65 read units instead of 1.65.',
    );
  });

  it('gives the bill of a million transfers and of an idle month', () => {
    const [, cases, , , idle] = sectionOf(report, 'Cost');
    expect(cases).toMatch(/^\| dollars per million transfers .*\n.*\n\| burst, a <local> run & "more" /);
    expect(idle).toMatch(/^\| a month, idle, 1,000 accounts .*\n(.*\n)*\| total /);
  });
});

describe('What changes with the load', () => {
  const cases = [pace(1), underWay(64), underWay(8)].map((load) =>
    aCase({ name: 'many-to-many', load, transfersPerSecond: load.kind === 'pace' ? 1 : 10 * load.count }),
  );
  const { 'report.md': report, 'load.svg': chart } = filesOf(aRun({ cases }));

  it('is a line for each load, with what a payment takes then', () => {
    const rows = sectionOf(report, 'What changes with the load: many-to-many, a local run')[0]
      ?.split('\n')
      .map(cellsOf);
    expect([rows?.[0], rows?.[2], rows?.length]).toStrictEqual([
      'load;transfers/s;prepared p50 / p99;credited p50 / p99;whole p50 / p99;write units;read units;commits;invocations;SQS requests;SNS calls;handler CPU ms;system CPU ms;dollars per million',
      '1 a second;1;300 ms / 390 ms;700 ms / 1.9 s;1 s / 2.3 s;6.2;1.65;0.4;0.007;2.41;0.41;0.5;3;5.93',
      5,
    ]);
  });

  it('is drawn over the number under way', () => {
    expect(labelsOf(chart).slice(0, 13)).toStrictEqual([
      'What changes with the load',
      'Payments per second',
      ...['0', '200', '400', '600', '800', '8', '64', 'payments under way', '80', '640'],
      'Time of a whole payment',
    ]);
    expect(pathOfFault(chart ?? '')).toBeUndefined();
  });

  it('draws the median of several runs', () => {
    const runs = [300, 100, 200].map((transfersPerSecond) =>
      aCase({ transfersPerSecond, load: underWay(8) }),
    );
    const { 'load.svg': chart } = filesOf(aRun({ cases: [...runs, aCase({ load: underWay(64) })] }));
    expect(labelsOf(chart).slice(8, 13)).toStrictEqual(['8', '64', 'payments under way', '200', '500']);
  });

  it('is left out where a case was measured under one load', () => {
    expect(headings(filesOf(aRun())['report.md']).join()).not.toMatch(/load/);
  });
});

describe('Who spent the CPU time', () => {
  const findingOf = (changes: Parameters<typeof aCase>[0]) =>
    sectionOf(filesOf(aRun({ cases: [aCase(changes)] }))['report.md'], 'Who spent')[2];

  it('is the emulators, where processors were busy with them', () => {
    expect(findingOf({})).toBe(
      '**a local run**, where many transfers are under way at once: the emulators spent 63 % of the CPU time, the handlers 13 % and the clients 25 %, with 2.0 of 2 processors busy: the emulators, not the handlers, are the limit. For the handlers’ CPU time alone, one processor could do 2,000 transfers a second.',
    );
  });

  it('is no limit where processors were idle', () => {
    expect(findingOf({ processorsBusy: 0.2 })).toMatch(
      /with 0\.2 of 2 processors busy: waiting, or a part that uses no second processor, limits more/,
    );
  });

  it('is not told as the emulators’ limit where the handlers spent more', () => {
    const cpu = { handlers: 3_000, tableEmulator: 500, queueEmulator: 0, clients: 500 };
    expect(findingOf({ usage: aUsage({ cpu }) })).toMatch(
      /busy: the handlers spent more than the emulators\./,
    );
  });
});

describe('A picture of the report', () => {
  const { 'report.md': _report, ...charts } = filesOf(EVERYTHING);

  it.each(Object.entries(charts))('is well-formed: %s', (_name, svg) => {
    expect(pathOfFault(svg)).toBeUndefined();
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+"/);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('names cases and authorities, whatever characters they have', () => {
    expect(labelsOf(charts['throughput.svg'])).toStrictEqual([
      'Transfers per second',
      ...['0', '100', '200', '300', '400', '500', 'transfers/s'],
      ...['burst', '1,000 under way, a <local> run & "more"', '500'],
    ]);
  });

  it('names the percentiles’ kinds and their largest times', () => {
    expect(labelsOf(charts['latency.svg'])).toStrictEqual([
      'How long a payment and its steps take',
      ...['100 ms', '1 s', '10 s', 'logarithmic; small: p50, middle: p90, large: p99'],
      ...['prepared', 'finalized', 'credited', 'whole'],
      ...['burst', '1,000 under way, a <local> run & "more"', '390 ms', '1.2 s', '1.9 s', '2.3 s'],
    ]);
  });

  it('shows memory over equal steps, and no value at so many points', () => {
    const samples = Array.from({ length: 21 }, (_, index) => ({
      ...{ messageCount: 50_000 * index, inUseMB: 37, peakResidentMB: 280 },
    }));
    const { 'memory.svg': svg } = filesOf(aRun({ cases: [], memory: aMemoryResult({ samples }) }));
    const messages = ['0', '200', '400', '600', '800', '1,000', 'thousands of messages'];
    expect(labelsOf(svg)).toStrictEqual([
      'Memory',
      ...['In use, MB', '0', '10', '20', '30', '40', ...messages],
      ...['Resident, at most, MB', '0', '100', '200', '300', ...messages],
    ]);
  });

  it('names who spent how much', () => {
    expect(labelsOf(charts['cpu.svg']).slice(8)).toStrictEqual([
      ...['handlers, not told apart', 'local run', 'table emulator', 'clients'],
      ...[
        'burst',
        '1,000 under way, a <local> run & "more"',
        '13 %',
        '13 %',
        '50 %',
        '25 %',
        '4 ms per transfer',
      ],
    ]);
  });
});

/** The text without padding for alignment. */
function cellsOf(row: string): string {
  return row
    .replace(/^\| *| *\|$/g, '')
    .replace(/(?<!\\) *\| +/g, ';')
    .replace(/-{3,}/g, '---');
}
