/** Incoming messages with valid defaults, so that a test names only what matters to it. Field names are the wire's. */

import { fromNow } from './instants.ts';
import type { WireMessage, WireValue } from './wire-json.ts';

type Fields<Required extends string> = Readonly<Record<Required, WireValue> & Record<string, WireValue>>;

export const FAR_FUTURE = '9999-12-31T23:59:59+00:00';

export function configureAccount(fields: Fields<'debtor_id' | 'creditor_id'>): WireMessage {
  return {
    type: 'ConfigureAccount',
    negligible_amount: 0,
    config_flags: 0n,
    config_data: '',
    ts: fromNow(0),
    seqnum: 0n,
    ...fields,
  };
}

let latestRequestId = 0n;

/** Of type `issuing` from a root account and `direct` from others, each with its own request ID. */
export function prepareTransfer(
  fields: Fields<'debtor_id' | 'creditor_id' | 'recipient' | 'min_locked_amount' | 'max_locked_amount'>,
): WireMessage {
  const isIssuing = fields.creditor_id === 0n;
  latestRequestId++;
  return {
    type: 'PrepareTransfer',
    coordinator_type: isIssuing ? 'issuing' : 'direct',
    coordinator_id: isIssuing ? fields.debtor_id : fields.creditor_id,
    coordinator_request_id: latestRequestId,
    final_interest_rate_ts: FAR_FUTURE,
    max_commit_delay: 2_147_483_647n,
    ts: fromNow(0),
    ...fields,
  };
}

/** Ends the transfer that a PreparedTransfer announces. */
export function finalizeTransfer(prepared: WireMessage, fields: Fields<'committed_amount'>): WireMessage {
  return {
    type: 'FinalizeTransfer',
    ...only(prepared, [
      'debtor_id',
      'creditor_id',
      'transfer_id',
      'coordinator_type',
      'coordinator_id',
      'coordinator_request_id',
    ]),
    transfer_note: '',
    transfer_note_format: '',
    ts: fromNow(0),
    ...fields,
  };
}

/** The account's name within its currency (SMP 2.1, words, account ID). */
export function accountId(creditorId: bigint): string {
  return `${BigInt.asUintN(64, creditorId)}`;
}

/** Only these fields of the message. */
export function only(message: WireMessage, names: readonly string[]): Record<string, WireValue> {
  return Object.fromEntries(
    names.map((name) => {
      const value = message[name];
      if (value === undefined) {
        throw new Error(`${message.type} has no ${name}.`);
      }
      return [name, value];
    }),
  );
}

/** The value of the `routing_key` attribute (SMP 2.1, JSON form, wire). */
export function routingKey(id: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(id);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('.');
}
