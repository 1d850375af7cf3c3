/** What all verbs of `swpt` have in common: help, flags, profiles, outputs, and errors as one sentence. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { printRole } from '../../../lib/client/client.ts';
import { readOutputs } from '../../../lib/client/command/outputs-file.ts';
import { parseRole, readProfile } from '../../../lib/client/command/profile.ts';
import { VERBS } from '../../../lib/client/command/verbs.ts';
import { CommandLines } from './support/command-lines.ts';

const OTHER = {
  name: 'audit',
  summary: 'check everything',
  run: async (args: readonly string[]) => (args.length === 1 ? 1 : 0) as 0 | 1,
};

describe('swpt --help', () => {
  it('lists all verbs, also those that others bring along', async () => {
    const { exitCode, printed } = await new CommandLines().run('--help', { others: [OTHER] });
    const names = [...printed.join('\n').matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name);
    expect(exitCode).toBe(0);
    expect(names).toStrictEqual([...VERBS.map(({ name }) => name), 'completion', 'audit']);
    expect((await new CommandLines().run('')).exitCode).toBe(2);
  });

  it('shows how completion is used', async () => {
    const { exitCode, printed } = await new CommandLines().run('completion --help');
    expect(exitCode).toBe(0);
    expect(printed.join('\n')).toContain('\n  swpt completion bash');
  });

  it.each(VERBS)(
    'shows for $name its flags and an example of it',
    async ({ name, flags, flagHelp, example }) => {
      const { exitCode, printed } = await new CommandLines().run(`${name} --help`);
      const page = printed.join('\n');
      expect(exitCode).toBe(0);
      expect(page).toContain(`\n  ${example}`);
      expect(example.startsWith(`swpt ${name}`)).toBe(true);
      expect(flagHelp.map(([flag]) => flag.replace(/^--| .*/g, ''))).toStrictEqual(
        Object.keys(flags).toSorted(by(flagHelp)),
      );
      expect(
        page.split('\n').filter((line) => line.length > 120 && !line.startsWith('  swpt')),
      ).toStrictEqual([]);
    },
  );

  it('says that integers of 64 bits are strings in JSON', async () => {
    expect((await new CommandLines().run('pay --help')).printed.join()).toContain(
      'integers of 64 bits are strings',
    );
  });
});

/** In the order in which the help has the flags. */
function by(flagHelp: readonly (readonly [string, string])[]) {
  const place = (name: string) => flagHelp.findIndex(([flag]) => flag.replace(/^--| .*/g, '') === name);
  return (a: string, b: string) => place(a) - place(b);
}

describe('a command line', () => {
  it.each([
    ['pray', 'There is no verb "pray"; swpt --help lists them all.'],
    ['open', 'Write swpt open ACCOUNT, as in: swpt open 1/4294967297'],
    ['transfers 1/5', 'Write swpt transfers without arguments, as in: swpt transfers --open'],
    ['open 1/5 6', 'Write swpt open ACCOUNT, as in: swpt open 1/4294967297'],
    ['open 1-5', '"1-5" is not an account; write its debtor ID and creditor ID, as in 1/4294967297.'],
    [
      'open 1/9223372036854775808',
      '"1/9223372036854775808" is not an account; write its debtor ID and creditor ID, as in 1/4294967297.',
    ],
    ['open 1/5 --colour', "Unknown option '--colour'; see swpt open --help."],
    ['open 1/5 --negligible -1', `--negligible is "-1"; write a number from 0 to ${Number.MAX_VALUE}.`],
    ['open 1/5 --negligible', "Option '--negligible <value>' argument missing; see swpt open --help."],
    ['open 1/5 --negligible much', `--negligible is "much"; write a number from 0 to ${Number.MAX_VALUE}.`],
    [
      'pay 1/5 1/6 2.5',
      '"2.5" is not an amount; write a decimal integer from 1 to 9223372036854775807, as in 250.',
    ],
    [
      'pay 1/5 1/6 0',
      '"0" is not an amount; write a decimal integer from 1 to 9223372036854775807, as in 250.',
    ],
    [
      'pay 1/5 2/6 1',
      '2/6 is in the currency of debtor 2, and the sender in that of 1; both must be in one.',
    ],
    [
      'accounts --as king:1',
      '"king:1" is not a role; write creditor:ID, creditors:FIRST:LAST, issuer:DEBTOR or coordinator:TYPE:ID.',
    ],
    ['open 1/5 --as creditor:6', 'creditor:6 does not have the account 1/5; choose another role with --as.'],
    ['accounts --timeout soon', '--timeout is "soon"; write a number from 0 to 2147483.'],
    ['completion tcsh', 'Completion is there for bash, zsh and fish, as in swpt completion bash.'],
  ])('that is wrong is refused in one sentence: %s', async (line, sentence) => {
    expect(await new CommandLines().run(line)).toStrictEqual({ exitCode: 2, printed: [], told: [sentence] });
  });

  it('may have negative IDs anywhere', async () => {
    const swpt = new CommandLines();
    await swpt.run('open -1/0 --negligible 100');
    await swpt.run('open --negligible 2 -1/-5 --json');
    expect((await swpt.run('issue -1/-5 7 --key k')).printed).toStrictEqual([
      'committed: 7 from -1/0 to -1/-5, key k',
    ]);
    expect(swpt.connected).toStrictEqual(['issuer:-1', 'creditor:-5', 'issuer:-1']);
  });

  it('gives verbs of others their arguments', async () => {
    expect(await new CommandLines().run('audit --verbose', { others: [OTHER] })).toMatchObject({
      exitCode: 1,
    });
  });

  it('says that no answer came, also where a call was cut off', async () => {
    const access = (): Promise<never> =>
      new Promise((_, reject) => setTimeout(() => reject(new DOMException('aborted', 'AbortError')), 50));
    expect(await new CommandLines().run('open 1/5 --timeout 0.01', { access })).toMatchObject({
      exitCode: 3,
      told: [expect.stringMatching(/^No answer came in 0.01 s\. /)],
    });
  });

  it('shows the stack of a defect', async () => {
    const access = async () => {
      throw new TypeError('no such thing');
    };
    const { exitCode, told } = await new CommandLines().run('open 1/5', { access });
    expect(exitCode).toBe(2);
    expect(told.join()).toMatch(/^TypeError: no such thing\n {4}at /);
  });

  it.each([
    [
      Object.assign(new Error(''), { code: 'ECONNREFUSED' }),
      3,
      'The authority does not answer: is npm start running?',
    ],
    [
      Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' }),
      2,
      "AWS can't be called: Could not load credentials; set AWS_PROFILE, or sign in.",
    ],
    [
      Object.assign(new Error('Rate exceeded.'), { name: 'Throttling', $metadata: {} }),
      3,
      'Throttling: Rate exceeded. Try again; what was asked for is not done twice with --key.',
    ],
  ] as const)('tells in one sentence what failed on the way: %s', async (error, exitCode, sentence) => {
    const access = async () => {
      throw error;
    };
    expect(await new CommandLines().run('open 1/5', { access })).toStrictEqual({
      exitCode,
      printed: [],
      told: [sentence],
    });
  });
});

describe('a profile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  const file = join(folder, 'profile.json');
  const written = (text: string) => {
    writeFileSync(file, text);
    return file;
  };

  it('gives what no flag gives, with paths from its own folder on', () => {
    written('{"as": "creditor:5", "store": "mine.sqlite", "queue": "http://127.0.0.1/out"}');
    expect(readProfile({ profile: file, as: 'issuer:1' })).toStrictEqual({
      as: 'issuer:1',
      outputs: undefined,
      stack: undefined,
      store: join(folder, 'mine.sqlite'),
      queue: 'http://127.0.0.1/out',
    });
  });

  it.each([
    ['{', 'is not JSON'],
    ['[]', 'is not a JSON object'],
    ['{"role": "x"}', 'has "role", and its members are the texts as, outputs, stack, store, queue'],
    ['{"as": 5}', 'has "as", and its members are the texts as, outputs, stack, store, queue'],
  ])('of another form is refused: %s', (text, reason) => {
    written(text);
    expect(() => readProfile({ profile: file })).toThrow(`The profile ${file} ${reason}; it may look like {`);
  });

  it('names any role as the library prints it', () => {
    for (const text of ['creditor:-5', 'creditors:5:-5', 'issuer:1', 'coordinator:agent:7']) {
      expect(printRole(parseRole(text))).toBe(text);
    }
    expect(() => parseRole('creditors:-5:5')).toThrow('The range is empty: creditor 5 comes before -5.');
  });
});

describe('the outputs', () => {
  const OUTPUTS = {
    IncomingQueueUrl: 'http://127.0.0.1:4566/incoming',
    ToCreditorsTopicArn: 'arn:aws:sns:eu-central-1:123456789012:to_creditors',
    ToDebtorsTopicArn: 'arn:aws:sns:eu-central-1:123456789012:to_debtors',
    ToCoordinatorsTopicArn: 'arn:aws:sns:eu-central-1:123456789012:to_coordinators',
  };
  const inFolder = (files: Readonly<Record<string, object>>) => {
    const folder = mkdtempSync(join(tmpdir(), 'outputs-'));
    const before = process.cwd();
    onTestFinished(() => {
      process.chdir(before);
      rmSync(folder, { recursive: true });
    });
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(join(folder, file, '..'), { recursive: true });
      writeFileSync(join(folder, file), JSON.stringify(content));
    }
    process.chdir(folder);
  };

  it("are the local run's, else those of the last deployment; each has a store of its own", () => {
    const local = { LocalStack: { ...OUTPUTS, Endpoint: 'http://127.0.0.1:4566' } };
    const deployed = { Ledger: OUTPUTS };
    inFolder({ '.local/outputs.json': local, 'cdk.out/outputs.json': deployed });
    expect(readOutputs(undefined)).toMatchObject({
      endpoint: 'http://127.0.0.1:4566',
      notice: undefined,
      storeFile: '.local/clients/swpt.sqlite',
    });
    rmSync('.local', { recursive: true });
    expect(readOutputs(undefined)).toMatchObject({
      endpoint: undefined,
      notice: 'No local run is running; using cdk.out/outputs.json.',
      region: 'eu-central-1',
      storeFile: '.swpt/Ledger-123456789012-eu-central-1.sqlite',
    });
  });

  it('are asked for where they are missing, wrong or of several stacks', () => {
    inFolder({ 'two.json': { A: OUTPUTS, B: OUTPUTS }, 'wrong.json': { A: 'x' }, 'other.json': { A: {} } });
    expect(() => readOutputs(undefined)).toThrow(
      'There is no .local/outputs.json: start the local run (npm start), or',
    );
    expect(() => readOutputs('two.json')).toThrow(
      'two.json has the stacks A, B; choose one with --stack NAME.',
    );
    expect(readOutputs('two.json', 'B').storeFile).toContain('B-');
    expect(() => readOutputs('wrong.json')).toThrow('wrong.json is not a file of stack outputs');
    expect(() => readOutputs('other.json')).toThrow('other.json has no');
  });
});
