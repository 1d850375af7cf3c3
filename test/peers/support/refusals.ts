/** What no peer may send, one message for each thing that is checked, and the reason that the peer is told. */

export type Agent = 'creditors' | 'debtors';

export interface Refusal {
  readonly what: string;
  /** The agent for creditors `000002`, or the one for debtors `1234abcd00`. */
  readonly from: Agent;
  readonly type: string;
  /** @param now the authority's time, in milliseconds since 1970 */
  readonly body: (now: number) => string;
  readonly reason: string;
}

/** 0x1234abcd00000001 and 0x1234abcd01000000 are the authority's; 0x1234abce00000000 is another's. */
const DEBTOR = '1311862288428302337';
const NEIGHBOUR = '1311862288445079552';
const ANOTHERS_DEBTOR = '1311862292723269632';
const CREDITOR = '2199023255553';
const OTHERS_CREDITOR = '1099511627777';
const TWO_HOURS_MS = 7_200_000;

type Members = Readonly<Record<string, string>>;

const CONFIGURATION: Members = {
  type: '"ConfigureAccount"',
  debtor_id: DEBTOR,
  creditor_id: CREDITOR,
  negligible_amount: '0.0',
  config_flags: '0',
  config_data: '""',
  seqnum: '0',
};
const PREPARATION: Members = {
  type: '"PrepareTransfer"',
  debtor_id: DEBTOR,
  creditor_id: CREDITOR,
  coordinator_type: '"direct"',
  coordinator_id: CREDITOR,
  coordinator_request_id: '1',
  min_locked_amount: '0',
  max_locked_amount: '0',
  recipient: '"0"',
  final_interest_rate_ts: '"9999-12-31T23:59:59Z"',
  max_commit_delay: '60',
};
const FINALIZATION: Members = {
  type: '"FinalizeTransfer"',
  debtor_id: DEBTOR,
  creditor_id: CREDITOR,
  transfer_id: '1',
  coordinator_type: '"direct"',
  coordinator_id: CREDITOR,
  coordinator_request_id: '1',
  committed_amount: '0',
  transfer_note: '""',
  transfer_note_format: '""',
};
const ROOT = { creditor_id: '0', coordinator_type: '"issuing"', coordinator_id: DEBTOR };

function refusal(
  [from, what, reason]: readonly [Agent, string, string],
  members: Members,
  aheadMs = 0,
): Refusal {
  return {
    what,
    from,
    reason,
    type: JSON.parse(members.type as string),
    body: (now) => {
      const ts = JSON.stringify(new Date(now + aheadMs).toISOString());
      return `{${Object.entries({ ...members, ts }).map(([name, value]) => `"${name}":${value}`)}}`;
    },
  };
}

const NOT_THIS_AUTHORITY = "debtor_id: must be one of this authority's, which begin with 1234abcd";
const NOT_ITS_CREDITOR = "creditor_id: must be one of this creditors agent's, which begin with 000002";
const NO_TYPE_OF_CREDITORS = 'coordinator_type: must be direct or agent when a creditors agent sends it';
const AHEAD = 'ts: is more than 2 hours ahead';

export const REFUSALS: readonly Refusal[] = [
  refusal(['creditors', 'an account with another authority', NOT_THIS_AUTHORITY], {
    ...CONFIGURATION,
    debtor_id: ANOTHERS_DEBTOR,
  }),
  refusal(['creditors', "an account of another agent's creditor", NOT_ITS_CREDITOR], {
    ...CONFIGURATION,
    creditor_id: OTHERS_CREDITOR,
  }),
  refusal(['creditors', 'a root account', NOT_ITS_CREDITOR], { ...CONFIGURATION, creditor_id: '0' }),
  refusal(['creditors', "another agent's money", NOT_ITS_CREDITOR], {
    ...PREPARATION,
    creditor_id: OTHERS_CREDITOR,
    coordinator_id: OTHERS_CREDITOR,
  }),
  refusal(['creditors', 'an issue', NOT_ITS_CREDITOR], { ...PREPARATION, ...ROOT }),
  refusal(['creditors', 'a coordinator of another type', NO_TYPE_OF_CREDITORS], {
    ...PREPARATION,
    coordinator_type: '"other"',
  }),
  refusal(
    [
      'creditors',
      'a direct request for somebody else',
      'coordinator_id: must equal creditor_id for coordinator_type direct',
    ],
    { ...FINALIZATION, coordinator_id: OTHERS_CREDITOR },
  ),
  refusal(
    [
      'creditors',
      "another agent's coordinator",
      "coordinator_id: must be one of this creditors agent's, which begin with 000002",
    ],
    { ...FINALIZATION, coordinator_type: '"agent"', coordinator_id: OTHERS_CREDITOR },
  ),
  refusal(['creditors', 'a message from the future', AHEAD], CONFIGURATION, TWO_HOURS_MS + 60_000),
  refusal(
    ['creditors', 'a message that is not for authorities', 'type: unknown message type "AccountPurge"'],
    {
      type: '"AccountPurge"',
    },
  ),
  {
    what: 'no JSON',
    from: 'creditors',
    type: 'ConfigureAccount',
    body: () => 'nonsense',
    reason: 'the text is not JSON',
  },
  refusal(
    [
      'creditors',
      'a field beyond its limits',
      'ConfigureAccount.seqnum: must be an integer between -2147483648 and 2147483647',
    ],
    {
      ...CONFIGURATION,
      seqnum: '2147483648',
    },
  ),
  refusal(['debtors', 'a currency of another authority', NOT_THIS_AUTHORITY], {
    ...CONFIGURATION,
    creditor_id: '0',
    debtor_id: ANOTHERS_DEBTOR,
  }),
  refusal(
    [
      'debtors',
      'a currency of another agent',
      "debtor_id: must be one of this debtors agent's, which begin with 1234abcd00",
    ],
    { ...CONFIGURATION, creditor_id: '0', debtor_id: NEIGHBOUR },
  ),
  refusal(
    ['debtors', "a creditor's account", 'creditor_id: must be 0 when a debtors agent sends it'],
    CONFIGURATION,
  ),
  refusal(
    [
      'debtors',
      'a coordinator of another type',
      'coordinator_type: must be issuing when a debtors agent sends it',
    ],
    { ...FINALIZATION, ...ROOT, coordinator_type: '"agent"' },
  ),
  refusal(
    [
      'debtors',
      'an issue for another currency',
      'coordinator_id: must equal debtor_id for coordinator_type issuing',
    ],
    { ...FINALIZATION, ...ROOT, coordinator_id: NEIGHBOUR },
  ),
  refusal(
    ['debtors', 'a message from the future', AHEAD],
    { ...CONFIGURATION, creditor_id: '0' },
    TWO_HOURS_MS + 60_000,
  ),
];
