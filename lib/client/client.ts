/** The package's entry `./client`: the client with its roles, its stores and its errors. */

export type { QueueAdministration, QueueCalls, TopicCalls } from './aws/calls.ts';
export {
  type FilterPolicy,
  type FilterValue,
  forCoordinator,
  forCreditorRange,
  forDebtor,
  forRole,
  type Subscribing,
} from './aws/filters.ts';
export { type QueueTransportOptions, queueTransport } from './aws/queue-transport.ts';
export {
  type SubscribeOptions,
  type SubscribeQueueOptions,
  type SubscribingOptions,
  type Subscription,
  subscribe,
  subscribeQueue,
} from './aws/subscription.ts';
export {
  QueueError,
  type TextDelivery,
  type TextQueue,
  type TextQueueOptions,
  textQueue,
} from './aws/text-queue.ts';
export type { AccountChoice } from './engine/account-verbs.ts';
export { Client, openClient } from './engine/client.ts';
export type { ClientAccount } from './engine/client-account.ts';
export type {
  CallOptions,
  ClientOptions,
  Commitment,
  Issue,
  Payment,
  PaymentNote,
} from './engine/client-options.ts';
export { Hold } from './engine/hold.ts';
export type { ClientEvent } from './engine/notices.ts';
export type { TransferDraft } from './engine/transfer-verbs.ts';
export {
  ClientClosedError,
  ConfigRejectedError,
  IdempotencyConflictError,
  StoreContentionError,
  TransferFailedError,
  TransferRejectedError,
  UnknownTransferError,
  WrongRoleError,
} from './errors.ts';
export { type Clock, type Delivery, type RandomId, randomId, SYSTEM_CLOCK, type Transport } from './ports.ts';
export {
  type AccountKey,
  coordinator,
  creditor,
  creditorRange,
  issuer,
  ownsAccount,
  ownsRequest,
  printRole,
  type Role,
} from './roles.ts';
export {
  type ClientStore,
  type ItemChange,
  type ItemKey,
  type ListedItem,
  type ListOptions,
  MAX_CHANGES,
  StoreError,
} from './stores/client-store.ts';
export {
  DYNAMO_DB_TABLE_KEYS,
  type DynamoDbCalls,
  type DynamoDbStoreOptions,
  dynamoDbStore,
} from './stores/dynamo-db-store.ts';
export { MemoryStore } from './stores/memory-store.ts';
export { openSqliteStore } from './stores/sqlite-store.ts';
