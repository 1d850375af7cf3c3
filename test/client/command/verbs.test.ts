/** The verbs of `swpt` as a person writes them, against an authority in memory. */

import { beforeEach, describe, expect, it } from 'vitest';
import { CommandLines } from './support/command-lines.ts';

const KEY = /[0-9a-f]{8}-[0-9a-f-]{27}/g;
let swpt: CommandLines;

beforeEach(async () => {
  swpt = new CommandLines();
  await swpt.openCurrency();
});

/** What was printed as JSON. */
async function rows(line: string): Promise<unknown[]> {
  const { printed } = await swpt.run(`${line} --json`);
  return printed.map((text) => JSON.parse(text));
}

describe('swpt open, configure and close', () => {
  it('say what has become of the account', async () => {
    expect((await swpt.run('open 1/-7')).printed).toStrictEqual([
      '1/-7 is open: principal 0, negligible amount 0',
    ]);
    expect((await swpt.run('configure 1/-7 --negligible 2.5')).printed).toStrictEqual([
      '1/-7 is open: principal 0, negligible amount 2.5',
    ]);
    expect((await swpt.run('close 1/-7')).printed).toStrictEqual([
      '1/-7 is closing: principal 0, negligible amount 2.5',
    ]);
    expect((await swpt.run('open 1/-7')).printed).toStrictEqual([
      '1/-7 is open: principal 0, negligible amount 2.5',
    ]);
  });

  it('end with 1 and the code when the authority does not accept the configuration', async () => {
    expect(await swpt.runWords(['configure', '1/4294967297', '--data', 'nonsense', '--json'])).toStrictEqual({
      exitCode: 1,
      printed: ['{"kind":"refused","statusCode":"INVALID_CONFIGURATION"}'],
      told: [
        'Refused, INVALID_CONFIGURATION: only root accounts have configuration data, a RootConfigData; see swpt currency --help.',
      ],
    });
  });

  it('change nothing that no flag names', async () => {
    expect(await swpt.run('configure 1/4294967297')).toStrictEqual({
      exitCode: 2,
      printed: [],
      told: ['Nothing is to be changed; say what, for instance with --negligible 2.5.'],
    });
  });
});

describe('swpt pay and issue', () => {
  it('pay as what the sender is', async () => {
    const { exitCode, printed } = await swpt.runWords([
      ...['pay', '1/4294967297', '1/4294967298', '250', '--note', 'two loaves', '--key', 'order-7'],
    ]);
    expect({ exitCode, printed }).toStrictEqual({
      exitCode: 0,
      printed: ['committed: 250 from 1/4294967297 to 1/4294967298, key order-7'],
    });
    expect(swpt.authority.principalOf({ debtorId: 1n, creditorId: 4_294_967_298n })).toBe(250n);
    expect(swpt.authority.principalOf({ debtorId: 1n, creditorId: 0n })).toBe(-1000n);
  });

  it('pay once for one key, and refuse another payment with it', async () => {
    const line = 'pay 1/4294967297 1/4294967298 250 --key order-7';
    expect(await swpt.run(line)).toStrictEqual(await swpt.run(line));
    expect(await swpt.run('pay 1/4294967297 1/4294967298 251 --key order-7')).toMatchObject({
      exitCode: 2,
      told: ['The idempotency key names another transfer. Use another key, or see swpt transfers.'],
    });
    expect(swpt.authority.principalOf({ debtorId: 1n, creditorId: 4_294_967_298n })).toBe(250n);
  });

  it('end with 1, the status code and the next step when the payment is refused', async () => {
    expect(await swpt.run('pay 1/4294967297 1/4294967298 2500 --key k')).toStrictEqual({
      exitCode: 1,
      printed: [],
      told: ['Refused, INSUFFICIENT_AVAILABLE_AMOUNT: the account has less than that, see swpt accounts.'],
    });
    const { told } = await swpt.run('issue 1/4294967297 9000000000000000000 --key m');
    expect(told).toStrictEqual([
      'Refused, INSUFFICIENT_AVAILABLE_AMOUNT: a root account may issue up to its negligible amount and its limit, see swpt currency --help.',
    ]);
    expect(await rows('pay 1/4294967297 1/4294967299 1 --key l')).toStrictEqual([
      {
        kind: 'refused',
        key: 'l',
        status: 'rejected',
        from: '1/4294967297',
        to: '1/4294967299',
        amount: '1',
        statusCode: 'RECIPIENT_IS_UNREACHABLE',
        note: '',
      },
    ]);
  });

  it('end with 3 and the key when no answer comes in time; the same command takes it up', async () => {
    swpt.isDeaf = true;
    const { exitCode, told } = await swpt.run('pay 1/4294967297 1/4294967298 5 --timeout 0.05');
    const [key = ''] = told.join().match(KEY) ?? [];
    expect({ exitCode, told }).toStrictEqual({
      exitCode: 3,
      told: [
        `The transfer goes on as ${key}; take it up with --key ${key}.`,
        'No answer came in 0.05 s. What was asked for goes on: run the same command again, and see that the authority runs, and that no other program with another store takes the messages of this role.',
      ],
    });
    swpt.isDeaf = false;
    const again = await swpt.run(`pay 1/4294967297 1/4294967298 5 --key ${key}`);
    expect(again.printed).toStrictEqual([`committed: 5 from 1/4294967297 to 1/4294967298, key ${key}`]);
    expect(swpt.authority.principalOf({ debtorId: 1n, creditorId: 4_294_967_298n })).toBe(5n);
  });

  it('keep each digit of large amounts', async () => {
    await swpt.run('configure 2/0 --negligible 1e19');
    await swpt.run('open 2/5000000000');
    const line = 'issue 2/5000000000 9007199254740993 --key large';
    expect(await rows(line)).toMatchObject([
      { amount: '9007199254740993', committedAmount: '9007199254740993', statusCode: 'OK' },
    ]);
  });
});

describe('swpt hold, commit and dismiss', () => {
  it('lock an amount, and pay a part of it', async () => {
    expect((await swpt.run('hold 1/4294967297 1/4294967298 5000 --min 1 --key h')).printed).toStrictEqual([
      'prepared: 1000 from 1/4294967297 to 1/4294967298, key h',
    ]);
    expect((await swpt.run('commit h --amount 120')).printed).toStrictEqual([
      'committed: 120 from 1/4294967297 to 1/4294967298, key h',
    ]);
    expect(await swpt.run('dismiss h')).toMatchObject({ exitCode: 2 });
  });

  it('release the lock', async () => {
    await swpt.run('hold 1/4294967297 1/4294967298 300 --within 3600 --key h');
    expect(swpt.authority.lockedAmountOf({ debtorId: 1n, creditorId: 4_294_967_297n })).toBe(300n);
    expect((await swpt.run('dismiss h')).printed).toStrictEqual([
      'dismissed: 300 from 1/4294967297 to 1/4294967298, key h',
    ]);
    expect(swpt.authority.lockedAmountOf({ debtorId: 1n, creditorId: 4_294_967_297n })).toBe(0n);
    expect(await swpt.run('commit h')).toMatchObject({ exitCode: 2 });
  });

  it('know no key that was never used', async () => {
    expect(await swpt.run('commit nothing')).toStrictEqual({
      exitCode: 2,
      printed: [],
      told: ['There is no transfer of the key "nothing"; swpt transfers lists them.'],
    });
  });
});

describe('swpt accounts, ledger and transfers', () => {
  beforeEach(async () => {
    await swpt.run('pay 1/4294967297 1/4294967298 250 --note bread --key order-7');
    await swpt.run('hold 1/4294967298 1/4294967297 50 --key h');
  });

  it('list the accounts of all roles that the store knows', async () => {
    expect((await swpt.run('accounts')).printed).toStrictEqual([
      '1/4294967297             open                      750',
      '1/4294967298             open                      250',
      '1/0                      open                    -1000',
    ]);
    expect((await swpt.run('accounts --as issuer:1')).printed).toHaveLength(1);
    expect(await rows('accounts --as creditor:4294967297')).toMatchObject([
      { kind: 'account', debtorId: '1', creditorId: '4294967297', state: 'open', principal: '750' },
    ]);
  });

  it('print a ledger from any entry on', async () => {
    expect((await swpt.run('ledger 1/4294967297')).printed).toStrictEqual([
      '2027-01-15T08:00:00        +1000         1000  from 1/0',
      '2027-01-15T08:00:00         -250          750  to 1/4294967298  "bread"',
    ]);
    expect(await rows('ledger 1/4294967297 --after 1')).toMatchObject([
      {
        kind: 'entry',
        entryNumber: '2',
        entry: 'transfer',
        acquiredAmount: '-250',
        principal: '750',
        note: 'bread',
      },
    ]);
    expect((await swpt.run('ledger 1/0')).printed).toStrictEqual([
      '2027-01-15T08:00:00        -1000        -1000  changes that are not told one by one',
    ]);
  });

  it("take an account as operators' tools print it", async () => {
    expect((await swpt.run('ledger 1:4294967297')).printed).toHaveLength(2);
    expect((await swpt.run('pay 1:4294967297 1:4294967298 1 --key colon')).exitCode).toBe(0);
  });

  it('print no ledger of an account that is not known, and make nothing for it', async () => {
    for (const account of ['1/77777777777777', '2/4294967297']) {
      expect(await swpt.run(`ledger ${account}`)).toStrictEqual({
        exitCode: 2,
        printed: [],
        told: [
          `Nothing is known of the account ${account}; swpt accounts lists yours, and swpt open ${account} opens it.`,
        ],
      });
    }
    expect(await rows('accounts')).toHaveLength(3);
  });

  it('list transfers, or those that have not ended', async () => {
    const { printed } = await swpt.run('transfers');
    expect(printed.map((line) => line.replace(KEY, 'KEY')).toSorted()).toStrictEqual([
      'KEY  committed  1/0 → 1/4294967297         1000',
      'h  prepared  1/4294967298 → 1/4294967297           50',
      'order-7  committed  1/4294967297 → 1/4294967298          250',
    ]);
    expect(await rows('transfers --open')).toMatchObject([
      { key: 'h', status: 'prepared', lockedAmount: '50' },
    ]);
  });

  it('say what to do where nothing is known yet', async () => {
    expect(await new CommandLines().run('accounts')).toStrictEqual({
      exitCode: 2,
      printed: [],
      told: ['Nothing is known yet: open an account first, as in swpt open 1/4294967297.'],
    });
  });
});

describe('swpt send', () => {
  const MESSAGE =
    '{"type":"ConfigureAccount","debtor_id":1,"creditor_id":4294967297,"negligible_amount":0.0,"config_flags":0,"config_data":"","ts":"2027-01-15T08:00:00Z","seqnum":0}';

  it('sends messages as they are, one or one a line', async () => {
    expect((await swpt.runWords(['send', MESSAGE])).printed).toStrictEqual(['Sent 1 message.']);
    swpt.inputs['messages.json'] = `${MESSAGE}\n\n${MESSAGE}\n`;
    expect((await swpt.run('send messages.json --json')).printed).toStrictEqual([
      '{"kind":"sent","count":2}',
    ]);
    swpt.inputs['-'] = MESSAGE.replaceAll(',', ',\n');
    await swpt.run('send');
    expect(swpt.sentTexts).toStrictEqual([MESSAGE, MESSAGE, MESSAGE, MESSAGE.replaceAll(',', ',\n')]);
  });

  it('sends none where one is wrong, unless it is told to', async () => {
    swpt.inputs.file = `${MESSAGE}\n{"type":"ConfigureAccount","debtor_id":"one"}\n`;
    expect(await swpt.run('send file')).toStrictEqual({
      exitCode: 2,
      printed: [],
      told: [
        expect.stringMatching(/^ConfigureAccount\..*; docs\/protocol\.md has all fields and their limits\.$/),
      ],
    });
    expect(swpt.sentTexts).toStrictEqual([]);
    expect(await swpt.run('send file --unchecked')).toMatchObject({ exitCode: 0 });
    expect(swpt.sentTexts).toHaveLength(2);
  });
});
