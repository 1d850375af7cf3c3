/**
 * One hand-written text of each message type of SMP 2.1, beside its meaning. Both directions are tested: the text is
 * read as that message, and that message is written as exactly this text.
 */

import { describe, expect, it } from 'vitest';
import { parseIncomingMessage, parseOutgoingMessage, printMessage } from '../../lib/protocol/codec.ts';
import {
  type ConfigureAccount,
  INCOMING_MESSAGE_SCHEMAS,
  type IncomingMessage,
  OUTGOING_MESSAGE_SCHEMAS,
  type OutgoingMessage,
} from '../../lib/protocol/messages.ts';

const INCOMING: readonly (readonly [string, IncomingMessage])[] = [
  [
    '{"type":"ConfigureAccount","debtor_id":-9223372036854775808,"creditor_id":9223372036854775807,"negligible_amount":1e+300,"config_flags":-2147483647,"config_data":"","ts":"2026-11-22T15:14:59.123456+00:00","seqnum":-2147483648}',
    {
      type: 'ConfigureAccount',
      debtorId: -9223372036854775808n,
      creditorId: 9223372036854775807n,
      negligibleAmount: 1e300,
      configFlags: -2147483647,
      configData: '',
      ts: 1795360499123456n,
      seqnum: -2147483648,
    },
  ],
  [
    '{"type":"PrepareTransfer","debtor_id":-2,"creditor_id":4294967296,"coordinator_type":"direct","coordinator_id":4294967296,"coordinator_request_id":9007199254740993,"min_locked_amount":0,"max_locked_amount":9223372036854775807,"recipient":"18446744073709551615","final_interest_rate_ts":"9999-12-31T23:59:59.999999+00:00","max_commit_delay":2147483647,"ts":"2026-11-22T15:14:59+00:00"}',
    {
      type: 'PrepareTransfer',
      debtorId: -2n,
      creditorId: 4294967296n,
      coordinatorType: 'direct',
      coordinatorId: 4294967296n,
      coordinatorRequestId: 9007199254740993n,
      minLockedAmount: 0n,
      maxLockedAmount: 9223372036854775807n,
      recipient: '18446744073709551615',
      finalInterestRateTs: 253402300799999999n,
      maxCommitDelay: 2147483647,
      ts: 1795360499000000n,
    },
  ],
  [
    '{"type":"FinalizeTransfer","debtor_id":1,"creditor_id":0,"transfer_id":9223372036854775807,"coordinator_type":"issuing","coordinator_id":1,"coordinator_request_id":-1,"committed_amount":9223372036854775807,"transfer_note":"Für Döner \\"extra scharf\\" 🌶 №1","transfer_note_format":"txt-1.0","ts":"0001-01-01T00:00:00+00:00"}',
    {
      type: 'FinalizeTransfer',
      debtorId: 1n,
      creditorId: 0n,
      transferId: 9223372036854775807n,
      coordinatorType: 'issuing',
      coordinatorId: 1n,
      coordinatorRequestId: -1n,
      committedAmount: 9223372036854775807n,
      transferNote: 'Für Döner "extra scharf" 🌶 №1',
      transferNoteFormat: 'txt-1.0',
      ts: -62135596800000000n,
    },
  ],
];

const OUTGOING: readonly (readonly [string, OutgoingMessage])[] = [
  [
    '{"type":"RejectedConfig","debtor_id":1,"creditor_id":-1,"ts":"2026-01-02T03:04:05.000006+00:00","config_ts":"1970-01-01T00:00:00.000001+00:00","config_seqnum":2147483647,"config_flags":1,"negligible_amount":5e-324,"config_data":"{\\"type\\":\\"Root\\"}","rejection_code":"INVALID_CONFIGURATION"}',
    {
      type: 'RejectedConfig',
      debtorId: 1n,
      creditorId: -1n,
      ts: 1767323045000006n,
      configTs: 1n,
      configSeqnum: 2147483647,
      configFlags: 1,
      negligibleAmount: 5e-324,
      configData: '{"type":"Root"}',
      rejectionCode: 'INVALID_CONFIGURATION',
    },
  ],
  [
    '{"type":"RejectedTransfer","debtor_id":1,"creditor_id":4294967297,"ts":"2026-01-02T03:04:05+00:00","coordinator_type":"agent","coordinator_id":1099511627776,"coordinator_request_id":7,"status_code":"RECIPIENT_SAME_AS_SENDER","total_locked_amount":9223372036854775807}',
    {
      type: 'RejectedTransfer',
      debtorId: 1n,
      creditorId: 4294967297n,
      ts: 1767323045000000n,
      coordinatorType: 'agent',
      coordinatorId: 1099511627776n,
      coordinatorRequestId: 7n,
      statusCode: 'RECIPIENT_SAME_AS_SENDER',
      totalLockedAmount: 9223372036854775807n,
    },
  ],
  [
    '{"type":"PreparedTransfer","debtor_id":1,"creditor_id":4294967297,"ts":"2026-01-02T03:04:06.500000+00:00","transfer_id":1,"coordinator_type":"direct","coordinator_id":4294967297,"coordinator_request_id":7,"locked_amount":100,"recipient":"0","prepared_at":"2026-01-02T03:04:05+00:00","demurrage_rate":-50.0,"deadline":"2026-04-02T03:04:05+00:00","final_interest_rate_ts":"2026-01-02T03:04:04.999999+00:00"}',
    {
      type: 'PreparedTransfer',
      debtorId: 1n,
      creditorId: 4294967297n,
      ts: 1767323046500000n,
      transferId: 1n,
      coordinatorType: 'direct',
      coordinatorId: 4294967297n,
      coordinatorRequestId: 7n,
      lockedAmount: 100n,
      recipient: '0',
      preparedAt: 1767323045000000n,
      demurrageRate: -50,
      deadline: 1775099045000000n,
      finalInterestRateTs: 1767323044999999n,
    },
  ],
  [
    '{"type":"FinalizedTransfer","debtor_id":1,"creditor_id":4294967297,"ts":"2026-01-02T03:04:07+00:00","transfer_id":9223372036854775807,"coordinator_type":"direct","coordinator_id":4294967297,"coordinator_request_id":7,"committed_amount":99,"status_code":"OK","total_locked_amount":0,"prepared_at":"2026-01-02T03:04:05+00:00"}',
    {
      type: 'FinalizedTransfer',
      debtorId: 1n,
      creditorId: 4294967297n,
      ts: 1767323047000000n,
      transferId: 9223372036854775807n,
      coordinatorType: 'direct',
      coordinatorId: 4294967297n,
      coordinatorRequestId: 7n,
      committedAmount: 99n,
      statusCode: 'OK',
      totalLockedAmount: 0n,
      preparedAt: 1767323045000000n,
    },
  ],
  [
    '{"type":"AccountUpdate","debtor_id":1,"creditor_id":-1,"ts":"2026-01-02T03:04:05+00:00","creation_date":"2026-01-02","last_change_ts":"2026-01-02T03:04:05+00:00","last_change_seqnum":-1,"principal":-9223372036854775808,"interest":-0.0,"interest_rate":7.25,"last_interest_rate_change_ts":"1970-01-01T00:00:00+00:00","last_config_ts":"2026-01-01T00:00:00.100000+00:00","last_config_seqnum":1,"negligible_amount":2.0,"config_flags":-1,"config_data":"","account_id":"18446744073709551615","debtor_info_iri":"https://example.com/цена","debtor_info_content_type":"application/json","debtor_info_sha256":"00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF","last_transfer_number":9007199254740993,"last_transfer_committed_at":"2026-01-01T23:59:59.999999+00:00","demurrage_rate":-50.0,"commit_period":7776000,"transfer_note_max_bytes":500,"ttl":604800}',
    {
      type: 'AccountUpdate',
      debtorId: 1n,
      creditorId: -1n,
      ts: 1767323045000000n,
      creationDate: '2026-01-02',
      lastChangeTs: 1767323045000000n,
      lastChangeSeqnum: -1,
      principal: -9223372036854775808n,
      interest: -0,
      interestRate: 7.25,
      lastInterestRateChangeTs: 0n,
      lastConfigTs: 1767225600100000n,
      lastConfigSeqnum: 1,
      negligibleAmount: 2,
      configFlags: -1,
      configData: '',
      accountId: '18446744073709551615',
      debtorInfoIri: 'https://example.com/цена',
      debtorInfoContentType: 'application/json',
      debtorInfoSha256: '00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF',
      lastTransferNumber: 9007199254740993n,
      lastTransferCommittedAt: 1767311999999999n,
      demurrageRate: -50,
      commitPeriod: 7776000,
      transferNoteMaxBytes: 500,
      ttl: 604800,
    },
  ],
  [
    '{"type":"AccountPurge","debtor_id":1,"creditor_id":4294967297,"ts":"2026-05-02T00:00:00+00:00","creation_date":"0001-01-01"}',
    {
      type: 'AccountPurge',
      debtorId: 1n,
      creditorId: 4294967297n,
      ts: 1777680000000000n,
      creationDate: '0001-01-01',
    },
  ],
  [
    '{"type":"AccountTransfer","debtor_id":1,"creditor_id":4294967297,"ts":"2026-01-02T03:04:08+00:00","creation_date":"2026-01-01","transfer_number":1,"coordinator_type":"interest","sender":"0","recipient":"4294967297","acquired_amount":-9223372036854775808,"transfer_note":"","transfer_note_format":"","committed_at":"2026-01-02T03:04:07+00:00","principal":9223372036854775807,"previous_transfer_number":0}',
    {
      type: 'AccountTransfer',
      debtorId: 1n,
      creditorId: 4294967297n,
      ts: 1767323048000000n,
      creationDate: '2026-01-01',
      transferNumber: 1n,
      coordinatorType: 'interest',
      sender: '0',
      recipient: '4294967297',
      acquiredAmount: -9223372036854775808n,
      transferNote: '',
      transferNoteFormat: '',
      committedAt: 1767323047000000n,
      principal: 9223372036854775807n,
      previousTransferNumber: 0n,
    },
  ],
];

describe('golden vectors', () => {
  it.each(INCOMING)('an incoming text means its message: %s', (text, message) => {
    expect(parseIncomingMessage(text)).toStrictEqual(message);
  });

  it.each(OUTGOING)('an outgoing text means its message: %s', (text, message) => {
    expect(parseOutgoingMessage(text)).toStrictEqual(message);
  });

  it.each([...INCOMING, ...OUTGOING])('the message is written as its text: %s', (text, message) => {
    expect(printMessage(message)).toBe(text);
  });

  it.each(['-0', '-0.0', '-0e0'])('a negligible amount of %s is echoed as -0.0', (literal) => {
    const text =
      INCOMING[0]?.[0].replace(/"negligible_amount":[^,]+/, `"negligible_amount":${literal}`) ?? '';
    const message = parseIncomingMessage(text) as ConfigureAccount;
    expect(message.negligibleAmount).toBe(-0);
    expect(printMessage(message)).toContain('"negligible_amount":-0.0,');
  });

  it('there is one for every message type', () => {
    const types = [...INCOMING, ...OUTGOING].map(([, message]) => message.type);
    expect(types).toStrictEqual([
      ...Object.keys(INCOMING_MESSAGE_SCHEMAS),
      ...Object.keys(OUTGOING_MESSAGE_SCHEMAS),
    ]);
  });

  it.each(OUTGOING)('the message obeys its own schema before it is written: %s', (_text, message) => {
    expect(OUTGOING_MESSAGE_SCHEMAS[message.type].parse(message)).toStrictEqual(message);
  });
});
