/** The forms with which people send messages: a field for each one of the protocol, with an example that works. */

import { FIELDS, type FieldName } from '../../protocol/field-table.ts';
import { INCOMING_MESSAGE_SCHEMAS } from '../../protocol/messages.ts';
import type { FormField, MessageForm } from './answers.ts';

/** Values with which a form can be sent as it is; a field's usual one, and those of one message. Instants are filled in later. */
const EXAMPLES: Readonly<Record<string, string>> = {
  debtor_id: '1',
  creditor_id: '4294967297',
  seqnum: '0',
  negligible_amount: '0.0',
  config_flags: '0',
  config_data: '',
  transfer_id: '1',
  coordinator_type: 'issuing',
  coordinator_id: '1',
  coordinator_request_id: '1',
  min_locked_amount: '500',
  max_locked_amount: '500',
  committed_amount: '500',
  recipient: '4294967297',
  max_commit_delay: '86400',
  final_interest_rate_ts: '9999-12-31T23:59:59Z',
  transfer_note: '',
  transfer_note_format: '',
  'ConfigureAccount.creditor_id': '0',
  'ConfigureAccount.negligible_amount': '1000000.0',
  'PrepareTransfer.creditor_id': '0',
  'FinalizeTransfer.creditor_id': '0',
};

export function messageForms(): readonly MessageForm[] {
  return Object.entries(INCOMING_MESSAGE_SCHEMAS).map(([type, schema]) => {
    const names = Object.keys(schema.shape).filter((name): name is FieldName => name in FIELDS);
    return { type, fields: names.map((name) => formField(type, name)) };
  });
}

function formField(type: string, field: FieldName): FormField {
  const { wireName, kind, schema } = FIELDS[field];
  const demand = schema.safeParse(undefined).error?.issues[0]?.message ?? '';
  const example = EXAMPLES[`${type}.${wireName}`] ?? EXAMPLES[wireName] ?? '';
  const isText = kind.jsonKind === 'string';
  return { name: wireName, isText, isInstant: wireName === 'ts', demand, example };
}
