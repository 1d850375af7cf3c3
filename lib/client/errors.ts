/** What can go wrong for a user of the client. Errors of the store and of AWS come through as they are. */

import type { ConfigRejectionCode, FinalizationStatus, RejectionStatus } from '../protocol/status-codes.ts';
import type { RunningTransfer } from './records/running-transfer.ts';

/** The authority refused to lock the amount: nothing was paid and nothing is locked. SMP 2.1, RejectedTransfer. */
export class TransferRejectedError extends Error {
  override readonly name = 'TransferRejectedError';
  /** Why. SMP 2.1, RejectedTransfer, `status_code`. */
  readonly statusCode: RejectionStatus;
  /** The transfer at its end. */
  readonly transfer: RunningTransfer<'rejected'>;

  constructor(transfer: RunningTransfer<'rejected'>) {
    super(`The transfer was rejected: ${transfer.rejection.statusCode}.`);
    this.statusCode = transfer.rejection.statusCode;
    this.transfer = transfer;
  }
}

/** The authority locked the amount, but did not commit it: nothing was paid, the lock is released. SMP 2.1, FinalizedTransfer. */
export class TransferFailedError extends Error {
  override readonly name = 'TransferFailedError';
  /** Why; `OK` when the transfer was dismissed. */
  readonly statusCode: FinalizationStatus;
  /** The transfer at its end. */
  readonly transfer: RunningTransfer<'finalized'>;

  constructor(transfer: RunningTransfer<'finalized'>) {
    const { statusCode } = transfer.outcome;
    super(
      statusCode === 'OK'
        ? 'The transfer was dismissed.'
        : `The transfer was prepared but not committed: ${statusCode}.`,
    );
    this.statusCode = statusCode;
    this.transfer = transfer;
  }
}

/** Nobody remembers the transfer: there never was one of this key, or it ended long ago. */
export class UnknownTransferError extends Error {
  override readonly name = 'UnknownTransferError';
  /** The key that was asked for. */
  readonly idempotencyKey: string;

  constructor(idempotencyKey: string) {
    super(`There is no transfer of the key ${JSON.stringify(idempotencyKey)}.`);
    this.idempotencyKey = idempotencyKey;
  }
}

/** The key names another transfer, or the transfer was decided otherwise before. Nothing changed. */
export class IdempotencyConflictError extends Error {
  override readonly name = 'IdempotencyConflictError';
  /** The transfer that the key names, as it is known. */
  readonly transfer: RunningTransfer;

  constructor(message: string, transfer: RunningTransfer) {
    super(message);
    this.transfer = transfer;
  }
}

/** The authority did not accept the configuration. Nothing changed. SMP 2.1, RejectedConfig. */
export class ConfigRejectedError extends Error {
  override readonly name = 'ConfigRejectedError';
  /** Why. SMP 2.1, RejectedConfig, `rejection_code`. */
  readonly rejectionCode: ConfigRejectionCode;

  constructor(rejectionCode: ConfigRejectionCode) {
    super(`The configuration was rejected: ${rejectionCode}.`);
    this.rejectionCode = rejectionCode;
  }
}

/** The client's role does not allow the call. Nothing was sent. */
export class WrongRoleError extends Error {
  override readonly name = 'WrongRoleError';
}

/** The client was closed while the call waited. What was asked for goes on, and the same call later takes it up. */
export class ClientClosedError extends Error {
  override readonly name = 'ClientClosedError';

  constructor() {
    super('The client was closed.');
  }
}

/** Other processes changed a record of the store faster than this one could, many times. The call may be made again. */
export class StoreContentionError extends Error {
  override readonly name = 'StoreContentionError';
}
