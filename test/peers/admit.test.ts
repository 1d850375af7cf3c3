import { describe, expect, it } from 'vitest';
import { admit } from '../../lib/peers/admit.ts';
import type { Responsibility } from '../../lib/peers/peer.ts';
import { MalformedMessageError, parseIncomingMessage } from '../../lib/protocol/codec.ts';

/** 2027-01-15T08:00:00Z. */
const NOW = 1_800_000_000_000_000n;
const CREDITORS_AGENT: Responsibility = {
  type: 'creditors-agent',
  range: { digits: '000002' },
  authorityRange: { digits: '1234abcd' },
};
const DEBTORS_AGENT: Responsibility = {
  type: 'debtors-agent',
  range: { digits: '1234abcd00' },
  authorityRange: { digits: '1234abcd' },
};

/** 0x1234abcd00000001 and 0x1234abcd01000000, both the authority's; 0x1234abce00000000 is another's. */
const DEBTOR = '1311862288428302337';
const NEIGHBOUR = '1311862288445079552';
const ANOTHERS_DEBTOR = '1311862292723269632';
const CREDITOR = '2199023255553';
const OTHER_OF_AGENT = '2199023255554';
const OTHERS_CREDITOR = '1099511627777';

type Row = readonly [repaired: string, changes: Readonly<Record<string, string>>, answer: string | undefined];

/** What the door says to a body: the codec's refusal, or that of `admit`. */
function answerTo(peer: Responsibility, members: ReadonlyMap<string, string>): string | undefined {
  const body = `{${[...members].map(([name, value]) => `"${name}":${value}`).join(',')}}`;
  try {
    return admit(peer, parseIncomingMessage(body), NOW);
  } catch (error) {
    if (error instanceof MalformedMessageError) {
      return error.message;
    }
    throw error;
  }
}

/** The answers to a body that one row after the other repairs. */
function answersTo(peer: Responsibility, worst: Readonly<Record<string, string>>, rows: readonly Row[]) {
  const members = new Map(Object.entries(worst));
  return rows.map(([repaired, changes]) => {
    for (const [name, value] of Object.entries(changes)) {
      members.set(name, value);
    }
    return [repaired, changes, answerTo(peer, members)];
  });
}

const WORST_PREPARATION = {
  type: '"AccountUpdate"',
  debtor_id: ANOTHERS_DEBTOR,
  creditor_id: OTHERS_CREDITOR,
  coordinator_type: '"other"',
  coordinator_id: OTHERS_CREDITOR,
  coordinator_request_id: '1',
  min_locked_amount: '-1',
  max_locked_amount: '1000',
  recipient: '"0"',
  final_interest_rate_ts: '"2027-01-15T07:59:00Z"',
  max_commit_delay: '60',
  ts: '"2027-01-15T10:00:00.000001Z"',
};

const WORST_FINALIZATION = {
  type: '"FinalizeTransfer"',
  debtor_id: ANOTHERS_DEBTOR,
  creditor_id: OTHERS_CREDITOR,
  transfer_id: '1',
  coordinator_type: '"agent"',
  coordinator_id: OTHERS_CREDITOR,
  coordinator_request_id: '1',
  committed_amount: '1000',
  transfer_note: '""',
  transfer_note_format: '""',
  ts: '"2027-01-15T10:00:00.000001Z"',
};

/** Of no account yet. */
const CONFIGURATION = {
  type: '"ConfigureAccount"',
  negligible_amount: '0.0',
  config_flags: '0',
  config_data: '""',
  ts: '"2027-01-15T08:00:00Z"',
  seqnum: '0',
};

const NOT_THIS_AUTHORITY = "debtor_id: must be one of this authority's, which begin with 1234abcd";
const AHEAD = 'ts: is more than 2 hours ahead';

describe('A message of a creditors agent is admitted only', () => {
  const NOT_OF_AGENT = "creditor_id: must be one of this creditors agent's, which begin with 000002";
  const NO_TYPE_OF_AGENT = 'coordinator_type: must be direct or agent when a creditors agent sends it';

  it('when every fault of a PrepareTransfer is repaired', () => {
    const rows: readonly Row[] = [
      ['nothing', {}, 'type: unknown message type "AccountUpdate"'],
      [
        'the type',
        { type: '"PrepareTransfer"' },
        'PrepareTransfer.min_locked_amount: must be an integer between 0 and 9223372036854775807',
      ],
      ['the amount', { min_locked_amount: '1000' }, NOT_THIS_AUTHORITY],
      ['the currency', { debtor_id: DEBTOR }, AHEAD],
      ['the time', { ts: '"2027-01-15T10:00:00Z"' }, NOT_OF_AGENT],
      ['the creditor', { creditor_id: CREDITOR }, NO_TYPE_OF_AGENT],
      [
        'the type of coordinator',
        { coordinator_type: '"agent"' },
        'PrepareTransfer.coordinator_id: must belong to the agent of creditor_id for coordinator_type agent',
      ],
      ['the coordinator', { coordinator_id: OTHER_OF_AGENT }, undefined],
      [
        'nothing, but it is direct',
        { coordinator_type: '"direct"' },
        'PrepareTransfer.coordinator_id: must equal creditor_id for coordinator_type direct',
      ],
      ['the coordinator again', { coordinator_id: CREDITOR }, undefined],
    ];
    expect(answersTo(CREDITORS_AGENT, WORST_PREPARATION, rows)).toStrictEqual(rows);
  });

  it('when every fault of a FinalizeTransfer is repaired', () => {
    const rows: readonly Row[] = [
      ['nothing', {}, NOT_THIS_AUTHORITY],
      ['the currency', { debtor_id: DEBTOR }, AHEAD],
      ['the time', { ts: '"2027-01-15T10:00:00Z"' }, NOT_OF_AGENT],
      [
        'the creditor',
        { creditor_id: CREDITOR },
        "coordinator_id: must be one of this creditors agent's, which begin with 000002",
      ],
      ['the coordinator', { coordinator_id: OTHER_OF_AGENT }, undefined],
      [
        'nothing, but it is direct',
        { coordinator_type: '"direct"' },
        'coordinator_id: must equal creditor_id for coordinator_type direct',
      ],
      ['the coordinator again', { coordinator_id: CREDITOR }, undefined],
      ['nothing, but it is issuing', { coordinator_type: '"issuing"' }, NO_TYPE_OF_AGENT],
    ];
    expect(answersTo(CREDITORS_AGENT, WORST_FINALIZATION, rows)).toStrictEqual(rows);
  });

  it('when a ConfigureAccount is about an account of its range', () => {
    const worst = { ...CONFIGURATION, debtor_id: DEBTOR, creditor_id: '0' };
    const rows: readonly Row[] = [
      ['nothing', {}, NOT_OF_AGENT],
      ['the creditor', { creditor_id: CREDITOR }, undefined],
      ['the creditor, with the first ID', { creditor_id: '2199023255552' }, undefined],
      ['the creditor, with the last ID', { creditor_id: '3298534883327' }, undefined],
      ['the creditor, with one too many', { creditor_id: '3298534883328' }, NOT_OF_AGENT],
    ];
    expect(answersTo(CREDITORS_AGENT, worst, rows)).toStrictEqual(rows);
  });
});

describe('A message of a debtors agent is admitted only', () => {
  const NOT_OF_AGENT = "debtor_id: must be one of this debtors agent's, which begin with 1234abcd00";
  const NOT_ROOT = 'creditor_id: must be 0 when a debtors agent sends it';
  const NOT_ISSUING = 'coordinator_type: must be issuing when a debtors agent sends it';

  it('when every fault of a PrepareTransfer is repaired', () => {
    const rows: readonly Row[] = [
      ['the type', { type: '"PrepareTransfer"', min_locked_amount: '0' }, NOT_THIS_AUTHORITY],
      ['the authority', { debtor_id: NEIGHBOUR }, AHEAD],
      ['the time', { ts: '"2027-01-15T10:00:00Z"' }, NOT_OF_AGENT],
      ['the currency', { debtor_id: DEBTOR }, NOT_ROOT],
      ['the account', { creditor_id: '0' }, NOT_ISSUING],
      [
        'the type of coordinator',
        { coordinator_type: '"issuing"' },
        'PrepareTransfer.coordinator_id: must equal debtor_id for coordinator_type issuing',
      ],
      ['the coordinator', { coordinator_id: DEBTOR }, undefined],
    ];
    expect(answersTo(DEBTORS_AGENT, WORST_PREPARATION, rows)).toStrictEqual(rows);
  });

  it('when every fault of a FinalizeTransfer is repaired', () => {
    const rows: readonly Row[] = [
      ['the authority', { debtor_id: NEIGHBOUR }, AHEAD],
      ['the time', { ts: '"2027-01-15T10:00:00Z"' }, NOT_OF_AGENT],
      ['the currency', { debtor_id: DEBTOR }, NOT_ROOT],
      ['the account', { creditor_id: '0' }, NOT_ISSUING],
      [
        'the type of coordinator',
        { coordinator_type: '"issuing"' },
        'coordinator_id: must equal debtor_id for coordinator_type issuing',
      ],
      ['the coordinator', { coordinator_id: DEBTOR }, undefined],
    ];
    expect(answersTo(DEBTORS_AGENT, WORST_FINALIZATION, rows)).toStrictEqual(rows);
  });

  it('when a ConfigureAccount is about the root account of a currency of its range', () => {
    const worst = { ...CONFIGURATION, debtor_id: NEIGHBOUR, creditor_id: '1' };
    const rows: readonly Row[] = [
      ['nothing', {}, NOT_OF_AGENT],
      ['the currency', { debtor_id: DEBTOR }, NOT_ROOT],
      ['the account', { creditor_id: '0' }, undefined],
    ];
    expect(answersTo(DEBTORS_AGENT, worst, rows)).toStrictEqual(rows);
  });
});
