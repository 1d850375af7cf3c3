/**
 * The package's main entry: the messages of SMP 2.1 as types, builders and JSON text, with the protocol's constants, ranges and
 * status codes. It needs no AWS, no store and no clock.
 */

export { agentOf, parseAccountId, printAccountId } from '../protocol/account-ids.ts';
export { MalformedMessageError, printMessage } from '../protocol/codec.ts';
export {
  CONFIG_DATA_MAX_BYTES,
  DEMURRAGE_RATE,
  MAX_INTEREST_RATE,
  MIN_INTEREST_RATE,
  ROOT_CREDITOR_ID,
  SCHEDULED_FOR_DELETION_FLAG,
  TRANSFER_NOTE_MAX_BYTES,
} from '../protocol/constants.ts';
export {
  isLaterSeqnum,
  MAX_INT32,
  MAX_INT64,
  MIN_INT32,
  MIN_INT64,
  nextSeqnum,
} from '../protocol/integers.ts';
export {
  type DebtorInfo,
  parseRootConfigData,
  type RootConfigData,
} from '../protocol/root-config-data.ts';
export { printRoutingKey, routeOf } from '../protocol/routing.ts';
export {
  CONFIG_REJECTION_CODES,
  FINALIZED_TRANSFER_STATUS_CODES,
  REJECTED_TRANSFER_STATUS_CODES,
} from '../protocol/status-codes.ts';
export {
  addSeconds,
  EPOCH,
  MAX_TIMESTAMP,
  MIN_TIMESTAMP,
  parseTimestamp,
  printTimestamp,
  secondsBetween,
  type Timestamp,
} from '../protocol/timestamps.ts';
export {
  type ConfigureAccountDraft,
  configureAccount,
  type FinalizeTransferDraft,
  finalizeTransfer,
  type PrepareTransferDraft,
  prepareTransfer,
} from './messages/builders.ts';
export { type Message, parseMessage } from './messages/message-text.ts';
export type {
  AccountPurge,
  AccountTransfer,
  AccountUpdate,
  ConfigRejectionCode,
  ConfigureAccount,
  FinalizationStatus,
  FinalizedTransfer,
  FinalizeTransfer,
  IncomingMessage,
  OutgoingMessage,
  PreparedTransfer,
  PrepareTransfer,
  RejectedConfig,
  RejectedTransfer,
  RejectionStatus,
  Topic,
} from './messages/message-types.ts';
