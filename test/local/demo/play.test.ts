import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkConservation, tabulate } from '../../../lib/local/demo/balances.ts';
import { readExamples } from '../../../lib/local/demo/examples.ts';
import { play } from '../../../lib/local/demo/play.ts';
import { FINAL_BALANCES, SCRIPT } from '../../../lib/local/demo/script.ts';
import type { WireMessage } from '../../../lib/local/wire.ts';

const EXAMPLES = readExamples(join(import.meta.dirname, '../../../examples/demo'));

/** An authority that answers each round as it is told, and says nothing more when asked again. */
function answering(answers: readonly (readonly WireMessage[])[]) {
  const waiting: WireMessage[] = [];
  const sent: string[] = [];
  let round = 0;
  const send = async (bodies: readonly string[]) => {
    sent.push(...bodies);
    waiting.push(...(answers[round++] ?? []));
  };
  const mailbox = { send, next: async () => waiting.shift() };
  return { sent, stage: { mailbox, screen: { title: () => {}, message: () => {} } } };
}

const ONCE = { isTwice: false, isReverse: false };
const [FIRST_ANSWERS = []] = SCRIPT.map(({ outcomes }) => outcomes);

/** What the script expects, with what else the play looks at. */
const RIGHT_ANSWERS: readonly (readonly WireMessage[])[] = SCRIPT.map(({ outcomes }, index) => [
  ...outcomes.map((outcome, number) => ({
    last_change_seqnum: 0n,
    ...outcome,
    ...(outcome.type === 'PreparedTransfer' ? requestNames(outcome, number) : {}),
  })),
  ...(index < SCRIPT.length - 1
    ? []
    : [...FINAL_BALANCES].map(([creditor_id, principal]) => ({
        type: 'AccountUpdate',
        creditor_id,
        principal,
        last_change_seqnum: 1n,
      }))),
]);

function requestNames({ creditor_id }: WireMessage, number: number): WireMessage {
  const isIssuing = creditor_id === 0n;
  return {
    coordinator_type: isIssuing ? 'issuing' : 'direct',
    coordinator_id: isIssuing ? 1001n : creditor_id,
    coordinator_request_id: isIssuing ? BigInt(number + 1) : number === 1 ? 2n : 1n,
    transfer_id: BigInt(number) + 7n,
  };
}

describe('The demo', () => {
  it('ends with the balances of the script when everything comes as expected', async () => {
    const { stage, sent } = answering(RIGHT_ANSWERS);
    expect(await play(EXAMPLES, ONCE, stage)).toStrictEqual(
      new Map([
        [0n, -7750n],
        [4_294_967_297n, 4230n],
        [4_294_967_298n, 2520n],
        [9_007_199_254_740_993n, 1000n],
      ]),
    );
    expect(sent.map((body) => JSON.parse(body).type)).toStrictEqual([
      ...Array(4).fill('ConfigureAccount'),
      ...Array(2).fill('PrepareTransfer'),
      ...Array(2).fill('FinalizeTransfer'),
      ...Array(5).fill('PrepareTransfer'),
      ...Array(3).fill('FinalizeTransfer'),
      'PrepareTransfer',
      'FinalizeTransfer',
    ]);
  });

  it('sends the messages of a round twice, or in the opposite order, when it is told to', async () => {
    const { stage, sent } = answering([]);
    await expect(play(EXAMPLES, { isTwice: true, isReverse: true }, stage)).rejects.toThrow('did not come');
    expect(sent.map((body) => body.match(/"creditor_id": (\d+)/)?.[1])).toStrictEqual([
      ...['9007199254740993', '4294967298', '4294967297', '0'],
      ...['9007199254740993', '4294967298', '4294967297', '0'],
    ]);
  });

  it('fails when something does not come', async () => {
    const { stage } = answering([FIRST_ANSWERS.slice(0, 3)]);
    await expect(play(EXAMPLES, ONCE, stage)).rejects.toThrow(
      'These messages did not come within 30 s: AccountUpdate of Chiara.',
    );
  });

  it('fails when something comes that is not in the script', async () => {
    const surprise = { type: 'AccountPurge', creditor_id: 4_294_967_297n };
    const { stage } = answering([[surprise]]);
    await expect(play(EXAMPLES, ONCE, stage)).rejects.toThrow('The script does not expect this AccountPurge');
  });

  it('fails when an amount is another one than in the script', async () => {
    const wrong = RIGHT_ANSWERS.map((round) =>
      round.map((answer) => (answer.locked_amount === 3000n ? { ...answer, locked_amount: 2999n } : answer)),
    );
    const { stage } = answering(wrong);
    await expect(play(EXAMPLES, ONCE, stage)).rejects.toThrow(
      'The script does not expect this PreparedTransfer: The Harbour Market has 2,999 locked for Boris.',
    );
  });

  it('fails when a balance at the end is another one than in the script', async () => {
    const wrong = RIGHT_ANSWERS.map((round) =>
      round.map((answer) => (answer.principal === 2520n ? { ...answer, principal: 2521n } : answer)),
    );
    const { stage } = answering(wrong);
    await expect(play(EXAMPLES, ONCE, stage)).rejects.toThrow('Boris should have 2,520, and has 2,521.');
  });

  it('fails when the balances do not come to zero', () => {
    expect(() =>
      checkConservation(
        new Map([
          [0n, -10n],
          [1n, 11n],
        ]),
      ),
    ).toThrow('Money was not conserved: the balances add up to 1.');
    expect(() => checkConservation(FINAL_BALANCES)).not.toThrow();
  });

  it('shows the balances in a table with their sum', () => {
    expect(tabulate(FINAL_BALANCES)).toStrictEqual([
      '  The Harbour Market  −7,750',
      '  Ada                  4,230',
      '  Boris                2,520',
      '  Chiara               1,000',
      '  ──────────────────────────',
      '  Together                 0',
    ]);
  });
});
