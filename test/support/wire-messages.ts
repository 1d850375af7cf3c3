/**
 * Valid messages as JSON literals, field by field, for tests that break one of them. They are written by hand, since
 * they must not come from the code under test.
 */

/** JSON literals by wire name. */
export type WireMembers = Readonly<Record<string, string>>;

export const WIRE_MEMBERS = {
  ConfigureAccount: {
    type: '"ConfigureAccount"',
    debtor_id: '1',
    creditor_id: '1099511627777',
    negligible_amount: '2.0',
    config_flags: '0',
    config_data: '""',
    ts: '"2026-01-02T03:04:05+00:00"',
    seqnum: '0',
  },
  PrepareTransfer: {
    type: '"PrepareTransfer"',
    debtor_id: '1',
    creditor_id: '1099511627777',
    coordinator_type: '"direct"',
    coordinator_id: '1099511627777',
    coordinator_request_id: '7',
    min_locked_amount: '0',
    max_locked_amount: '9223372036854775807',
    recipient: '"1099511627778"',
    final_interest_rate_ts: '"9999-12-31T23:59:59+00:00"',
    max_commit_delay: '2147483647',
    ts: '"2026-01-02T03:04:05+00:00"',
  },
  FinalizeTransfer: {
    type: '"FinalizeTransfer"',
    debtor_id: '1',
    creditor_id: '1099511627777',
    transfer_id: '5',
    coordinator_type: '"direct"',
    coordinator_id: '1099511627777',
    coordinator_request_id: '7',
    committed_amount: '0',
    transfer_note: '""',
    transfer_note_format: '""',
    ts: '"2026-01-02T03:04:05+00:00"',
  },
  RejectedConfig: {
    type: '"RejectedConfig"',
    debtor_id: '1',
    creditor_id: '1099511627777',
    ts: '"2026-01-02T03:04:05+00:00"',
    config_ts: '"2026-01-02T03:04:05+00:00"',
    config_seqnum: '0',
    config_flags: '0',
    negligible_amount: '2.0',
    config_data: '"x"',
    rejection_code: '"INVALID_CONFIGURATION"',
  },
  RejectedTransfer: {
    type: '"RejectedTransfer"',
    debtor_id: '1',
    creditor_id: '1099511627777',
    ts: '"2026-01-02T03:04:05+00:00"',
    coordinator_type: '"direct"',
    coordinator_id: '1099511627777',
    coordinator_request_id: '7',
    status_code: '"SENDER_IS_UNREACHABLE"',
    total_locked_amount: '0',
  },
  PreparedTransfer: {
    type: '"PreparedTransfer"',
    debtor_id: '1',
    creditor_id: '1099511627777',
    ts: '"2026-01-02T03:04:05+00:00"',
    transfer_id: '5',
    coordinator_type: '"direct"',
    coordinator_id: '1099511627777',
    coordinator_request_id: '7',
    locked_amount: '0',
    recipient: '"1099511627778"',
    prepared_at: '"2026-01-02T03:04:05+00:00"',
    demurrage_rate: '-50.0',
    deadline: '"2026-02-02T03:04:05+00:00"',
    final_interest_rate_ts: '"9999-12-31T23:59:59+00:00"',
  },
  FinalizedTransfer: {
    type: '"FinalizedTransfer"',
    debtor_id: '1',
    creditor_id: '1099511627777',
    ts: '"2026-01-02T03:04:05+00:00"',
    transfer_id: '5',
    coordinator_type: '"direct"',
    coordinator_id: '1099511627777',
    coordinator_request_id: '7',
    committed_amount: '0',
    status_code: '"OK"',
    total_locked_amount: '0',
    prepared_at: '"2026-01-02T03:04:05+00:00"',
  },
  AccountUpdate: {
    type: '"AccountUpdate"',
    debtor_id: '1',
    creditor_id: '1099511627777',
    ts: '"2026-01-02T03:04:05+00:00"',
    creation_date: '"2026-01-02"',
    last_change_ts: '"2026-01-02T03:04:05+00:00"',
    last_change_seqnum: '1',
    principal: '0',
    interest: '0.0',
    interest_rate: '0.0',
    last_interest_rate_change_ts: '"1970-01-01T00:00:00+00:00"',
    last_config_ts: '"2026-01-02T03:04:05+00:00"',
    last_config_seqnum: '0',
    negligible_amount: '2.0',
    config_flags: '0',
    config_data: '""',
    account_id: '"1099511627777"',
    debtor_info_iri: '""',
    debtor_info_content_type: '""',
    debtor_info_sha256: '""',
    last_transfer_number: '0',
    last_transfer_committed_at: '"1970-01-01T00:00:00+00:00"',
    demurrage_rate: '-50.0',
    commit_period: '7776000',
    transfer_note_max_bytes: '500',
    ttl: '604800',
  },
  AccountPurge: {
    type: '"AccountPurge"',
    debtor_id: '1',
    creditor_id: '1099511627777',
    ts: '"2026-05-02T03:04:05+00:00"',
    creation_date: '"2026-01-02"',
  },
  AccountTransfer: {
    type: '"AccountTransfer"',
    debtor_id: '1',
    creditor_id: '1099511627777',
    ts: '"2026-01-02T03:04:05+00:00"',
    creation_date: '"2026-01-02"',
    transfer_number: '1',
    coordinator_type: '"direct"',
    sender: '"1099511627777"',
    recipient: '"1099511627778"',
    acquired_amount: '-10',
    transfer_note: '""',
    transfer_note_format: '""',
    committed_at: '"2026-01-02T03:04:05+00:00"',
    principal: '90',
    previous_transfer_number: '0',
  },
} as const satisfies Readonly<Record<string, WireMembers>>;

export type MessageType = keyof typeof WIRE_MEMBERS;

/** The text of a valid message with some literals replaced or added, or omitted where `undefined`. */
export function wireText(
  type: MessageType,
  changes: Readonly<Record<string, string | undefined>> = {},
): string {
  const members: Record<string, string | undefined> = { ...WIRE_MEMBERS[type], ...changes };
  return objectText(
    Object.entries(members).filter((member): member is [string, string] => member[1] !== undefined),
  );
}

/** The text of an object with these members in this order; keys may repeat. */
export function objectText(members: readonly (readonly [key: string, literal: string])[]): string {
  return `{${members.map(([key, literal]) => `${JSON.stringify(key)}:${literal}`).join(',')}}`;
}
