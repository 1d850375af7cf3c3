/** Guarantee 6, incoming: every message that the queue accepted had its effect, or is in the dead-letter queue. */

import { parseAccountId } from '../../../lib/protocol/account-ids.ts';
import { printMessage } from '../../../lib/protocol/codec.ts';
import { MAX_INT64 } from '../../../lib/protocol/integers.ts';
import type { ConfigureAccount, FinalizeTransfer, PrepareTransfer } from '../../../lib/protocol/messages.ts';
import { MAX_TIMESTAMP } from '../../../lib/protocol/timestamps.ts';
import { type Account, isRootAccount, printAccountKey } from '../../../lib/rules/account.ts';
import type { Transfer, TransferRecord } from '../../../lib/rules/transfer.ts';
import { transferIdOf } from '../../../lib/rules/transfer-ids.ts';
import { printRecordKey } from '../../../lib/storage/record-keys.ts';
import { WRONG_CONFIG_DATA } from '../clients/account-holder.ts';
import type { Sent } from '../clients/correspondence.ts';
import type { State } from '../history.ts';
import { SECOND } from '../scheduler.ts';
import { contentOf } from './announcements.ts';
import { type Evidence, isAfter, show, type Violation } from './violation.ts';

const NOT_LOST = '6. No accepted incoming message is lost';

/** The items of the transfers table, indexed by what messages know of them. */
interface Records {
  readonly byRequest: ReadonlyMap<string, Transfer>;
  readonly rejectedConfigs: ReadonlySet<string>;
}

export function everyMessageIsAnswered(evidence: Evidence): Violation | undefined {
  const records = indexRecords(evidence);
  for (const sent of evidence.correspondence.sent) {
    const fault =
      sent.message === undefined ? malformedFault(sent, evidence) : answerFault(sent, records, evidence);
    if (fault !== undefined) {
      return { guarantee: NOT_LOST, details: `${fault}: ${sent.body}` };
    }
  }
  return undefined;
}

/** Only unreadable messages go to the dead-letter queue, always with the reason. */
export function deadLettersAreMalformed({ correspondence, features }: Evidence): Violation | undefined {
  const malformed = new Set(correspondence.sent.filter(({ message }) => !message).map(({ body }) => body));
  const wrong = correspondence.deadLetters.find(
    ({ body, reason }) => !reason || !(malformed.has(body) || (features.narrowIds > 0 && isTaken(reason))),
  );
  return (
    wrong && { guarantee: 'Only malformed messages are put aside, with the reason', details: show(wrong) }
  );
}

function indexRecords({ history }: Evidence): Records {
  const byRequest = new Map<string, Transfer>();
  const rejectedConfigs = new Set<string>();
  for (const record of history.latestRecords) {
    if (record.kind === 'transfer') {
      byRequest.set(show([printAccountKey(record.sender), record.request, record.requestTs]), record);
    } else if (record.kind === 'config-rejection') {
      rejectedConfigs.add(contentOf(record.config));
    }
  }
  return { byRequest, rejectedConfigs };
}

/** A request whose transfer ID another one has got can't be decided about, and is put aside. */
function isRefusedRightly(message: PrepareTransfer, { correspondence, history }: Evidence): boolean {
  const body = printMessage(message);
  const isRefused = correspondence.deadLetters.some(
    (letter) => letter.body === body && isTaken(letter.reason),
  );
  const states = history.records.get(printRecordKey({ sender: message, transferId: transferIdOf(message) }));
  return isRefused && states !== undefined;
}

function isTaken(reason: string | undefined): boolean {
  return reason?.includes('is taken by another request') === true;
}

function malformedFault({ body }: Sent, { correspondence }: Evidence): string | undefined {
  return correspondence.deadLetters.some((letter) => letter.body === body)
    ? undefined
    : 'it is malformed, and not in the dead-letter queue';
}

function answerFault(sent: Sent, records: Records, evidence: Evidence): string | undefined {
  const message = sent.message as NonNullable<Sent['message']>;
  switch (message.type) {
    case 'ConfigureAccount':
      return configFault(message, sent, records, evidence);
    case 'PrepareTransfer':
      return requestFault(message, records, evidence);
    case 'FinalizeTransfer':
      return finalizationFault(message, sent, evidence);
  }
}

function requestFault(
  message: PrepareTransfer,
  { byRequest }: Records,
  evidence: Evidence,
): string | undefined {
  const { coordinatorType, coordinatorId, coordinatorRequestId, ts } = message;
  const request = { coordinatorType, coordinatorId, coordinatorRequestId };
  const transfer = byRequest.get(show([printAccountKey(message), request, ts]));
  if (transfer === undefined) {
    return isRefusedRightly(message, evidence) ? undefined : 'nothing became of the request';
  }
  const { preparation } = transfer;
  if (preparation === undefined) {
    return transfer.rejection === undefined ? 'it was neither prepared nor rejected' : undefined;
  }
  const { lockedAmount, preparedAt, deadline, finalInterestRateTs } = preparation;
  const latest = [
    ts + BigInt(message.maxCommitDelay) * 1_000_000n,
    preparedAt + BigInt(Math.round(evidence.settings.commitPeriodSeconds * 1e6)),
    MAX_TIMESTAMP,
  ].reduce((a, b) => (a < b ? a : b));
  const isRight =
    lockedAmount >= message.minLockedAmount &&
    lockedAmount <= message.maxLockedAmount &&
    deadline === latest &&
    finalInterestRateTs === message.finalInterestRateTs &&
    transfer.recipientId === parseAccountId(message.recipient);
  return isRight ? undefined : `it was prepared as ${show(transfer)}, with the deadline ${latest} due`;
}

function finalizationFault(message: FinalizeTransfer, sent: Sent, { history }: Evidence): string | undefined {
  const states = history.records.get(`${printAccountKey(message)}/${message.transferId}`) ?? [];
  const latest = states.findLast(({ value }) => value !== undefined)?.value;
  if (latest?.kind !== 'transfer' || !isSameRequest(latest, message)) {
    return undefined;
  }
  const { finalization, status } = latest;
  const wasPreparedBefore = states.some(({ at, value }) => at < sent.sentAt && isPrepared(value));
  if (status === 'prepared' && wasPreparedBefore) {
    return 'its transfer is still prepared';
  }
  const mayCommit = finalization === undefined || finalization.committedAmount <= MAX_INT64;
  return mayCommit ? undefined : 'more was committed than there is';
}

/** Each commit was requested, by somebody who knew every field that identifies the transfer. */
export function commitmentsWereAskedFor({ history, correspondence }: Evidence): Violation | undefined {
  const asked = new Set<string>();
  for (const { message } of correspondence.sent) {
    if (message?.type === 'FinalizeTransfer') {
      const { transferId, committedAmount, transferNote } = message;
      asked.add(show([printAccountKey(message), transferId, triple(message), committedAmount, transferNote]));
      asked.add(show([printAccountKey(message), transferId, triple(message)]));
    }
  }
  for (const record of history.latestRecords) {
    if (record.kind === 'transfer' && record.finalization !== undefined) {
      const { sender, transferId, request, finalization, payment } = record;
      const name = [printAccountKey(sender), transferId, triple(request)];
      const details = payment === undefined ? [] : [finalization.committedAmount, payment.note];
      if (!asked.has(show([...name, ...details]))) {
        return { guarantee: 'Only what was asked for is finalized', details: show(record) };
      }
    }
  }
  return undefined;
}

function configFault(
  message: ConfigureAccount,
  { handledAt = 0 }: Sent,
  { rejectedConfigs }: Records,
  { history, settings, features }: Evidence,
): string | undefined {
  const states = history.accounts.get(printAccountKey(message)) ?? [];
  const isTooOld =
    Number(message.ts) + (settings.messageMaxDelaySeconds - features.clockSkew - 60) * SECOND < handledAt;
  if (isTooOld || states.some(({ value }) => value !== undefined && isNoLater(message, value))) {
    return undefined;
  }
  if (isAcceptable(message)) {
    return 'the configuration was never applied';
  }
  return rejectedConfigs.has(contentOf(message)) ? undefined : 'the configuration was never rejected';
}

function isNoLater({ ts, seqnum }: ConfigureAccount, { lastConfigTs, lastConfigSeqnum }: Account): boolean {
  return ts === lastConfigTs ? !isAfter(seqnum, lastConfigSeqnum) : ts < lastConfigTs;
}

/** Simulated clients send only configurations that are clearly acceptable or clearly not. */
export function isAcceptable(message: ConfigureAccount): boolean {
  const { configData } = message;
  return configData === '' || (isRootAccount(message) && !WRONG_CONFIG_DATA.includes(configData));
}

function isSameRequest({ request }: Transfer, message: FinalizeTransfer): boolean {
  return triple(request) === triple(message);
}

function triple(request: Transfer['request']): string {
  return show([request.coordinatorType, request.coordinatorId, request.coordinatorRequestId]);
}

function isPrepared(value: State<TransferRecord>['value']): boolean {
  return value?.kind === 'transfer' && value.status === 'prepared';
}
