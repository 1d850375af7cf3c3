/**
 * The package's entry `./records`: what a client must remember, as pure functions from a record and a message to the next record
 * and the messages to send (SMP 2.1, requirements for clients). For programs that bring their own store and queues.
 */

export {
  type AccountData,
  type AccountState,
  accountStateOf,
  type Configuration,
  configurationDueAt,
  receiveAccountMessage,
  unknownAccount,
} from './records/account-data.ts';
export {
  appendTransfer,
  bridgeToUpdate,
  EMPTY_LEDGER,
  hasGap,
  type LedgerEntry,
  type LedgerGap,
  type LedgerHead,
  type LedgerStep,
  patchLedger,
  placeOf,
  type TransferPlace,
} from './records/account-ledger.ts';
export {
  type ConfigurationChoice,
  type ConfigurationStep,
  resendConfiguration,
  sendConfiguration,
} from './records/configuration-chores.ts';
export {
  DISMISSED,
  isEnded,
  type Outcome,
  type Preparation,
  type Rejection,
  type RunningTransfer,
  requestTransfer,
  type Settlement,
  type TransferKey,
  type TransferPlan,
  type TransferStatus,
  type TransferStep,
  transferKeyOf,
} from './records/running-transfer.ts';
export { DEFAULT_RECORD_SETTINGS, type RecordSettings } from './records/settings.ts';
export { receiveTransferAnswer, type TransferAnswer } from './records/transfer-answers.ts';
export { runTransferChore, transferDueAt } from './records/transfer-chores.ts';
export { decideTransfer, decisionOf } from './records/transfer-decisions.ts';
