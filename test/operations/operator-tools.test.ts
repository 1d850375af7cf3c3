import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAuditCommand } from '../../lib/operations/audit/audit-command.ts';
import { runBalancesCommand } from '../../lib/operations/balances/balances-command.ts';
import { printable } from '../../lib/operations/operator-command.ts';
import { runRedriveCommand } from '../../lib/operations/redrive/redrive-command.ts';
import { runRepublishCommand } from '../../lib/operations/republish/republish-command.ts';
import { runStoryCommand } from '../../lib/operations/story/story-command.ts';
import { runDrainCommand } from '../../lib/operations/switches/drain-command.ts';
import { runPauseCommand } from '../../lib/operations/switches/pause-command.ts';
import { runResumeCommand } from '../../lib/operations/switches/resume-command.ts';
import { anAccount } from '../support/builders.ts';
import { type EmulatedStack, startEmulatedStack } from '../support/emulated-stack.ts';
import { type Command, runTool } from '../support/operator-tool.ts';
import { ALICE, aSampleLedger } from '../support/sample-ledger.ts';
import { wireAccount } from '../support/wire-tables.ts';

const AT = ['--at', '2026-01-15T08:00:00Z'];

let stack: EmulatedStack;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tools-'));
  stack = await startEmulatedStack();
  await stack.fill(aSampleLedger().world);
});

afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true });
});

function onStack(command: Command, ...args: string[]) {
  return runTool(command, '--outputs', stack.outputsFile, ...args);
}

function fileOf(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('npm run audit', () => {
  it('tells that every guarantee holds', async () => {
    const { code, lines } = await onStack(runAuditCommand, ...AT);
    expect([code, lines.slice(0, 5), lines.at(-1)]).toStrictEqual([
      0,
      [
        'Audit of Accounts (items: 8) and Transfers (items: 14), as of 2026-01-15T08:00:00+00:00.',
        '',
        'Currency 1 (accounts: 4; credits under way: 1, of 8): every guarantee holds.',
        'Currency 2 (accounts: 2): every guarantee holds.',
        'Currency 3 (accounts: 2): every guarantee holds.',
      ],
      'Every guarantee holds in 3 of 3 currencies. Findings in all: 0.',
    ]);
  });

  it('tells what it verifies, and what no audit can', async () => {
    const { lines } = await onStack(runAuditCommand, ...AT);
    expect(
      lines.filter((line) => /^(Verified|Not verified| {2}(conservation|that every message))/.test(line)),
    ).toStrictEqual([
      'Verified in every currency, except as said above:',
      '  conservation (guarantee 1): all principals of the currency and the credits under way add up to 0',
      'Not verified:',
      '  that every message in the queues was applied, and that what was published reached its subscribers',
    ]);
  });

  it('writes one JSON object a line', async () => {
    const { code, lines } = await onStack(runAuditCommand, ...AT, '--json');
    expect([code, lines.map((line) => JSON.parse(line))]).toStrictEqual([
      0,
      [
        aCurrency('1', { accountCount: 4, creditsUnderWayCount: 1, creditsUnderWay: '8' }),
        aCurrency('2'),
        aCurrency('3'),
        {
          kind: 'summary',
          accountsTable: 'Accounts',
          transfersTable: 'Transfers',
          at: '2026-01-15T08:00:00+00:00',
          accounts: 8,
          transfers: 14,
          isEmpty: false,
          findings: 0,
          neverVerified: expect.any(Array),
        },
      ],
    ]);
  });

  it('shows how far it has come', async () => {
    const { told } = await onStack(runAuditCommand, ...AT);
    expect(told.split('\n')).toStrictEqual([
      'accounts     [##############################] 8',
      'transfers    [##############################] 14',
      'comparing    [##############################] 8',
      'rechecking   [##############################] 0',
      '',
    ]);
  });

  it('audits other tables than the stack has, such as a restored copy', async () => {
    const { AccountsTableName = '', TransfersTableName = '' } = stack.outputs;
    const tables = ['--accounts-table', AccountsTableName, '--transfers-table', TransfersTableName];
    const endpoint = ['--endpoint', stack.outputs.DynamoDbEndpoint ?? ''];
    const { code } = await runTool(runAuditCommand, ...tables, ...endpoint, '--segments', '9', ...AT);
    expect(code).toBe(0);
  });

  it('names the guarantees that do not hold, and what is wrong', async () => {
    const { world } = aSampleLedger();
    await stack.put('Accounts', wireAccount({ ...world.account(ALICE), principal: 943n }));
    const text = await onStack(runAuditCommand, ...AT);
    const json = await onStack(runAuditCommand, ...AT, '--json');
    await stack.put('Accounts', wireAccount(world.account(ALICE)));
    expect([
      text.code,
      text.lines.slice(2, 8),
      text.lines.at(-1),
      json.code,
      JSON.parse(json.lines[1] ?? ''),
    ]).toStrictEqual([
      1,
      [
        'Currency 1 (accounts: 4; credits under way: 1, of 8): findings: 2; guarantees that do not hold: 3 of 6, that could not be verified: 0.',
        '  guarantee 1 does not hold: conservation',
        '  guarantee 2 does not hold: principals fall only by own payments',
        '  guarantee 5 does not hold: transfer numbers and principals follow each other',
        '  principals: account 1:1099511627777: number 6 (transfer 1:1099511627777/6915487846911202630) says principal 938; by the later transfers and the present principal it was 943',
        '  conservation: currency 1: the principals and the credits under way add up to 5 instead of 0',
      ],
      'Every guarantee holds in 2 of 3 currencies. Findings in all: 2.',
      1,
      {
        kind: 'finding',
        check: 'conservation',
        debtorId: '1',
        subject: 'currency 1',
        sentence: 'the principals and the credits under way add up to 5 instead of 0',
      },
    ]);
  });

  it('reads the prepared transfers again where the locks do not add up', async () => {
    const { world } = aSampleLedger();
    await stack.put('Accounts', wireAccount({ ...world.account(ALICE), totalLockedAmount: 31n }));
    const { lines } = await onStack(runAuditCommand, ...AT);
    await stack.put('Accounts', wireAccount(world.account(ALICE)));
    expect(lines.filter((line) => line.startsWith('  locks:'))).toStrictEqual([
      '  locks: account 1:1099511627777: its total locked amount is 31 and its pending count 1, but its prepared transfers are 1 and lock 30',
    ]);
  });
});

function aCurrency(debtorId: string, changes: object = {}): object {
  return {
    kind: 'currency',
    debtorId,
    accountCount: 2,
    creditsUnderWayCount: 0,
    creditsUnderWay: '0',
    findingCounts: {},
    brokenGuarantees: [],
    unverifiedGuarantees: [],
    unverified: [],
    ...changes,
  };
}

describe('npm run republish', () => {
  it('tells clients the settings of the stack, whatever the environment of the operator says', async () => {
    const outputs = { ...stack.outputs, Settings: '{"APP_MESSAGE_MAX_DELAY_DAYS":"3"}' };
    const file = fileOf('settings.json', { Other: outputs });
    const { lines } = await runTool(
      runRepublishCommand,
      '--outputs',
      file,
      '--account',
      '1:1099511627778',
      '--print',
    );
    const updates = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'AccountUpdate');
    expect(updates.map(({ ttl }) => ttl)).toStrictEqual([259_200]);
  });

  it('asks for a newer deployment when the outputs lack the settings', async () => {
    const { Settings: _, ...outputs } = stack.outputs;
    const file = fileOf('old.json', { Other: outputs });
    const { code, told } = await runTool(
      runRepublishCommand,
      '--outputs',
      file,
      '--account',
      '1:1099511627778',
    );
    expect([code, told]).toStrictEqual([
      2,
      `${file} has no Settings; deploy (or start) this version of the stack, and name the file with its outputs: --outputs FILE.\n`,
    ]);
  });

  it('sends nothing unless told to', async () => {
    const before = stack.published.length;
    const { code, lines } = await onStack(runRepublishCommand, '--account', '1:1099511627778');
    expect([code, lines, stack.published.length - before]).toStrictEqual([
      0,
      [
        'Would publish 5 messages about account 1:1099511627778.',
        '  AccountTransfer: 2',
        '  AccountUpdate: 1',
        '  FinalizedTransfer: 1',
        '  PreparedTransfer: 1',
        'Nothing was sent; add --apply to publish.',
      ],
      0,
    ]);
  });

  it('publishes to the topics of the stack', async () => {
    const before = stack.published.length;
    const range = ['--from', '2026-12-20T01:30:00Z', '--to', '2026-12-20T02:00:00Z'];
    const { code, lines } = await onStack(runRepublishCommand, ...range, '--apply');
    const published = stack.published
      .slice(before)
      .map(({ topicName, attributes }) => `${topicName} ${attributes.type?.StringValue}`);
    expect([code, lines, published.sort()]).toStrictEqual([
      0,
      ['Published 3 of 3 messages.', '  PreparedTransfer: 1', '  RejectedConfig: 1', '  RejectedTransfer: 1'],
      ['ToCoordinators PreparedTransfer', 'ToCoordinators RejectedTransfer', 'ToCreditors RejectedConfig'],
    ]);
  });

  it('writes the messages out', async () => {
    const { lines } = await onStack(runRepublishCommand, '--account', '1:1099511627779', '--own', '--print');
    expect(lines.map((line) => JSON.parse(line).type)).toStrictEqual(['AccountUpdate', 'AccountTransfer']);
  });
});

describe('npm run story', () => {
  it('tells the state of an account and what happened to it', async () => {
    const { code, lines } = await onStack(runStoryCommand, '1:1099511627778', '--with-incoming');
    expect([code, lines[0], lines.slice(9, 13), lines.at(-1)]).toStrictEqual([
      0,
      'Account 1:1099511627778',
      [
        '',
        '2026-12-20T00:22:00+00:00  received 100 from account 1099511627777 by transfer 4479763790476627870, committed at 2026-12-20T00:21:00+00:00, as number 1, after which the principal was 100',
        '    published: AccountTransfer to to_creditors',
        '2026-12-20T00:32:00+00:00  received 2 from account 1099511627777 by transfer 1896897527381208054, committed at 2026-12-20T00:31:00+00:00, without a number',
      ],
      '2027-01-15T07:59:00+00:00  8 under way from account 1099511627777 by transfer 6915487846911202630',
    ]);
  });

  it('tells the latest events of a range, and how many it leaves out', async () => {
    const range = ['--from', '2026-12-20T00:40:00Z', '--to', '2026-12-21T00:00:00Z', '--limit', '1'];
    const { lines } = await onStack(runStoryCommand, '1:1099511627778', ...range);
    expect(lines.slice(10)).toStrictEqual([
      '(4 earlier events are omitted; --limit shows more)',
      '2026-12-20T00:42:00+00:00  transfer 4452518853403429639 reached the other account',
    ]);
  });

  it('tells that there is no such account', async () => {
    const { code, lines } = await onStack(runStoryCommand, '-1:-2');
    expect([code, lines]).toStrictEqual([1, ['Account -1:-2', '  does not exist', '']]);
  });
});

describe('npm run balances', () => {
  it('tells who has what', async () => {
    const { code, lines, told } = await onStack(runBalancesCommand, '1', '--with-under-way');
    expect([code, lines, told.split('\n')]).toStrictEqual([
      0,
      [
        'Currency 1',
        '  account          principal  interest  locked  available',
        '  1:0                   -998      0.00       0     999002',
        '  1:1099511627777        938      0.00      30        908',
        '  1:1099511627778         52      0.00       0         52',
        '  1:1099511627779          0      0.00       0          0  deleted',
        '  4 accounts, together -8, and 8 under way: 0 ✓',
        '',
      ],
      [
        'accounts     [##############################] 8',
        'transfers    [##############################] 14',
        '',
      ],
    ]);
  });

  it('writes one JSON object a line', async () => {
    const { code, lines } = await onStack(runBalancesCommand, '3', '--json');
    expect([
      code,
      lines.map((line) => JSON.parse(line)).map(({ kind, principal }) => [kind, principal]),
    ]).toStrictEqual([
      0,
      [
        ['account', '-100'],
        ['account', '100'],
        ['currency', undefined],
      ],
    ]);
  });

  it('tells that there is no such currency, also of a negative ID', async () => {
    const { code, lines, told } = await onStack(runBalancesCommand, '-7');
    expect([code, lines, told.split('\n').at(-2)]).toStrictEqual([1, [], 'Currency -7 has no accounts.']);
  });

  it('shows accounts that cannot be read, and says so with its exit code', async () => {
    const { world } = aSampleLedger();
    await stack.put('Accounts', { account: { S: '3:8' } });
    const { code, lines } = await onStack(runBalancesCommand, '3');
    await stack.dynamoDb.call('DynamoDB.DeleteItem', {
      TableName: 'Accounts',
      Key: { account: { S: '3:8' } },
    });
    expect([code, world.accounts.size, lines.at(-2)]).toStrictEqual([
      1,
      8,
      expect.stringMatching(/^ {2}An item can't be read, so its amount is missing: Item 3:8 /),
    ]);
  });

  it('ends quietly when nobody reads on', async () => {
    const accounts = Array.from({ length: 2_500 }, (_, index) =>
      wireAccount(anAccount({ debtorId: 9n, creditorId: BigInt(index) })),
    );
    for (let start = 0; start < accounts.length; start += 25) {
      const requests = accounts.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
      await stack.dynamoDb.call('DynamoDB.BatchWriteItem', { RequestItems: { Accounts: requests } });
    }
    const tool = spawn(process.execPath, ['bin/balances.ts', '9', '--outputs', stack.outputsFile]);
    const told: string[] = [];
    tool.stderr.on('data', (text: Buffer) => told.push(text.toString()));
    tool.stdout.once('data', () => tool.stdout.destroy());
    const [code] = await once(tool, 'close');
    expect([code, told.join('')]).toStrictEqual([0, expect.stringMatching(/^accounts +\[#+\] [\d,]+\n$/)]);
  });
});

describe('Tools for operators', () => {
  it('print nothing that a terminal would obey', () => {
    expect(printable('note "a\u001b[2Jb\u009bc\u202ed"\nünï')).toBe('note "a?[2Jb?c?d"\nünï');
  });

  it.each([
    ['audit', runAuditCommand],
    ['republish', runRepublishCommand],
    ['redrive', runRedriveCommand],
    ['story', runStoryCommand],
    ['balances', runBalancesCommand],
    ['pause', runPauseCommand],
    ['resume', runResumeCommand],
    ['drain', runDrainCommand],
  ])('%s tells how it is used', async (name, command) => {
    const { code, lines, told } = await runTool(command, '--help');
    expect([code, lines.join('\n').includes(`npm run ${name} --`), told]).toStrictEqual([0, true, '']);
  });

  it.each<readonly [string, Command, () => string[], string]>([
    [
      'no outputs',
      runAuditCommand,
      () => ['--outputs', 'nowhere.json'],
      'There is no nowhere.json: start the local run (npm start), or name the file that npm run deploy wrote into cdk.out: --outputs FILE.',
    ],
    [
      'outputs of several stacks',
      runStoryCommand,
      () => ['1:2', '--outputs', fileOf('two.json', { A: {}, B: {} })],
      '<two.json> has the stacks A, B; choose one with --stack NAME.',
    ],
    [
      'outputs of another stack',
      runAuditCommand,
      () => ['--outputs', fileOf('other.json', { A: {} })],
      '<other.json> has no AccountsTableName; deploy (or start) this version of the stack, and name the file with its outputs: --outputs FILE.',
    ],
    [
      'a file of something else',
      runRedriveCommand,
      () => ['--outputs', fileOf('text.json', 'text')],
      '<text.json> is not a file of stack outputs; those look like {"<StackName>": {"<Output>": "…"}}.',
    ],
    ['an unknown flag', runAuditCommand, () => ['--fast'], "Unknown option '--fast'; see --help."],
    [
      'too many segments',
      runAuditCommand,
      () => ['--outputs', stack.outputsFile, '--segments', '101'],
      '--segments is "101"; it must be an integer from 1 to 100.',
    ],
    [
      'an instant without an offset',
      runAuditCommand,
      () => ['--at', '2026-01-15'],
      '--at is "2026-01-15"; it must be an instant with an offset, as in 2027-01-15T08:00:00Z.',
    ],
    [
      'an instant to come',
      runAuditCommand,
      () => ['--at', '9000-01-15T00:00:00Z'],
      '--at is 9000-01-15T00:00:00Z, which is in the future.',
    ],
    [
      'tables that are not there',
      runAuditCommand,
      () => ['--outputs', stack.outputsFile, '--accounts-table', 'Nothing'],
      'AWS answered ResourceNotFoundException: Requested resource not found: Table: Nothing not found',
    ],
    [
      'nothing to publish',
      runRepublishCommand,
      () => ['--from', '2026-12-20T00:40:00Z'],
      'Which messages? Name an account with --account, or a range with --from and --to; see --help.',
    ],
    [
      'a range that ends before it begins',
      runRepublishCommand,
      () => ['--from', '2026-12-20T00:40:00Z', '--to', '2026-12-20T00:40:00Z'],
      '--to must be later than --from.',
    ],
    [
      'no account',
      runStoryCommand,
      () => ['1:02'],
      '"1:02" is not an account; write its debtor ID and creditor ID, as in 1:1099511627777.',
    ],
    [
      'a folder in place of outputs',
      runPauseCommand,
      () => ['--outputs', folder],
      "<FOLDER> is a folder; name the file with the stack's outputs: --outputs FILE.",
    ],
    [
      'outputs of no stack',
      runPauseCommand,
      () => ['--outputs', fileOf('none.json', {})],
      '<none.json> names no stack; name the file with the outputs of one: --outputs FILE.',
    ],
    [
      'nobody',
      runStoryCommand,
      () => [],
      'Whose story? Name one account, as in 1:1099511627777; see --help.',
    ],
    [
      'no debtor ID',
      runBalancesCommand,
      () => ['1:2'],
      '"1:2" is not a debtor ID; that is an integer of 64 bits, as in 1.',
    ],
    [
      'a debtor ID beyond 64 bits',
      runBalancesCommand,
      () => ['-9223372036854775809'],
      '"-9223372036854775809" is not a debtor ID; that is an integer of 64 bits, as in 1.',
    ],
    [
      'two currencies',
      runBalancesCommand,
      () => ['1', '2'],
      'Whose currency? Name one debtor ID, or none for all; see --help.',
    ],
    [
      'an unknown queue',
      runRedriveCommand,
      () => ['--queue', 'letters'],
      '--queue is "letters"; it must be one of dead-letter, given-up, chores, sweeps, stream-failures, failure-notices.',
    ],
    [
      'a stack without switches',
      runPauseCommand,
      () => ['--outputs', fileOf('old.json', { A: {} })],
      '<old.json> has no EventSourceMappingIds; deploy (or start) this version of the stack, and name the file with its outputs: --outputs FILE.',
    ],
    [
      'all queues at once',
      runRedriveCommand,
      () => ['--apply'],
      'Which queue? --apply needs --queue NAME; see --help.',
    ],
  ])('answer %s with one sentence and exit code 2', async (_, command, args, sentence) => {
    const { code, lines, told } = await runTool(command, ...args());
    expect([
      code,
      lines,
      told.replaceAll(/\S*\/(\w+\.json)/g, '<$1>').replaceAll(folder, '<FOLDER>'),
    ]).toStrictEqual([2, [], `${sentence}\n`]);
  });

  it('end quietly when nobody reads their output', () => {
    const tool = join(import.meta.dirname, '..', '..', 'bin', 'audit.ts');
    const args = ['-c', '"$0" "$1" --outputs "$2" | head -n 0', process.execPath, tool, stack.outputsFile];
    const { stdout, stderr } = spawnSync('sh', args, { encoding: 'utf8' });
    expect([stdout, stderr.includes('EPIPE')]).toStrictEqual(['', false]);
  });

  it('tell that nothing answers', async () => {
    const endpoint = ['--endpoint', 'http://127.0.0.1:9', '--outputs', stack.outputsFile];
    const { code, told } = await runTool(runStoryCommand, '1:2', ...endpoint);
    expect([code, told]).toStrictEqual([
      2,
      'The stack does not answer at 127.0.0.1:9: is `npm start` running?\n',
    ]);
  });
});
