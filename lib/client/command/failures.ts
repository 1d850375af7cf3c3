/** What an error means to the user of the command: one sentence with the next step, and the exit code. */

import { MalformedMessageError } from '../../protocol/codec.ts';
import { ROOT_CREDITOR_ID } from '../../protocol/constants.ts';
import { QueueError } from '../aws/text-queue.ts';
import {
  ConfigRejectedError,
  IdempotencyConflictError,
  StoreContentionError,
  TransferFailedError,
  TransferRejectedError,
  UnknownTransferError,
  WrongRoleError,
} from '../errors.ts';
import type { RunningTransfer } from '../records/running-transfer.ts';
import { StoreError } from '../stores/client-store.ts';
import type { ExitCode } from './output.ts';
import { type Row, transferRow } from './rows.ts';
import { NoAnswerError, UsageError } from './usage-error.ts';

export interface Failure {
  readonly exitCode: ExitCode;
  readonly sentence: string;
  /** For `--json`, where the authority refused. */
  readonly row?: Row;
}

/** What the user can do about each status code. */
const NEXT_STEPS: Readonly<Record<string, string>> = {
  INSUFFICIENT_AVAILABLE_AMOUNT: 'the account has less than that, see swpt accounts',
  RECIPIENT_IS_UNREACHABLE:
    'the recipient has no account in this currency, or one that is scheduled for deletion; open it first',
  SENDER_IS_UNREACHABLE: 'the sender has no account in this currency; open it first',
  RECIPIENT_SAME_AS_SENDER: 'pay to another account',
  TOO_MANY_TRANSFERS: 'commit or dismiss some of the locks of this account first, see swpt transfers --open',
  NEWER_INTEREST_RATE: 'the interest rate changed; look at it and pay again',
  TIMEOUT: 'it came too late; pay again, with another key',
  INVALID_CONFIGURATION:
    'only root accounts have configuration data, a RootConfigData; see swpt currency --help',
};

const ISSUING_TOO_MUCH =
  'a root account may issue up to its negligible amount and its limit, see swpt currency --help';

/** `undefined` for a defect of the command itself, whose stack is needed. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof TransferRejectedError || error instanceof TransferFailedError) {
    return refused(error.statusCode, error.transfer);
  }
  if (error instanceof ConfigRejectedError) {
    const code = error.rejectionCode;
    return {
      exitCode: 1,
      sentence: `Refused, ${code}: ${NEXT_STEPS[code]}.`,
      row: { kind: 'refused', statusCode: code },
    };
  }
  if (error instanceof NoAnswerError) {
    return { exitCode: 3, sentence: error.message };
  }
  if (error instanceof IdempotencyConflictError) {
    return { exitCode: 2, sentence: `${error.message} Use another key, or see swpt transfers.` };
  }
  if (error instanceof UnknownTransferError) {
    return { exitCode: 2, sentence: `${error.message} See swpt transfers.` };
  }
  if (error instanceof WrongRoleError) {
    return { exitCode: 2, sentence: `${error.message} Choose another role with --as.` };
  }
  if (error instanceof MalformedMessageError) {
    return { exitCode: 2, sentence: `${error.message}; docs/protocol.md has all fields and their limits.` };
  }
  const isUsage = [UsageError, RangeError, StoreError].some((one) => error instanceof one);
  if (isUsage && error instanceof Error) {
    return { exitCode: 2, sentence: error.message };
  }
  return unavailable(error);
}

function refused(statusCode: string, transfer: RunningTransfer): Failure {
  const isIssuing =
    statusCode === 'INSUFFICIENT_AVAILABLE_AMOUNT' && transfer.request.creditorId === ROOT_CREDITOR_ID;
  const known = isIssuing ? ISSUING_TOO_MUCH : NEXT_STEPS[statusCode];
  const nextStep = statusCode === 'OK' ? 'it was dismissed' : (known ?? 'see docs/protocol.md');
  return {
    exitCode: 1,
    sentence: `Refused, ${statusCode}: ${nextStep}.`,
    row: { ...transferRow(transfer), kind: 'refused' },
  };
}

/** Errors of the network, of files and of AWS. */
function unavailable(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  const { name, message } = error;
  const { $metadata, code } = error as { readonly $metadata?: object; readonly code?: unknown };
  if (code === 'ECONNREFUSED') {
    return { exitCode: 3, sentence: 'The authority does not answer: is npm start running?' };
  }
  if (name === 'CredentialsProviderError' || /region is missing/i.test(message)) {
    return {
      exitCode: 2,
      sentence: `AWS can't be called: ${message.split('\n')[0]}; set AWS_PROFILE, or sign in.`,
    };
  }
  if (error instanceof QueueError || error instanceof StoreContentionError || $metadata !== undefined) {
    return {
      exitCode: 3,
      sentence: `${name}: ${message} Try again; what was asked for is not done twice with --key.`,
    };
  }
  return typeof code === 'string' ? { exitCode: 3, sentence: `${message}.` } : undefined;
}
