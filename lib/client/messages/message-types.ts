/**
 * The messages as types with an explanation of each; fields are explained where they are declared. 64-bit integers are bigints,
 * instants are bigints in microseconds since 1970, 32-bit integers and floats are numbers.
 */

import type * as protocol from '../../protocol/messages.ts';
import type * as routing from '../../protocol/routing.ts';
import type * as statusCodes from '../../protocol/status-codes.ts';

/** Opens an account, or changes its configuration. SMP 2.1, ConfigureAccount. */
export interface ConfigureAccount extends protocol.ConfigureAccount {}

/** Asks to lock an amount for a transfer. SMP 2.1, PrepareTransfer. */
export interface PrepareTransfer extends protocol.PrepareTransfer {}

/** Commits a prepared transfer, or dismisses it. SMP 2.1, FinalizeTransfer. */
export interface FinalizeTransfer extends protocol.FinalizeTransfer {}

/** A message to the authority. */
export type IncomingMessage = ConfigureAccount | PrepareTransfer | FinalizeTransfer;

/** The authority did not accept a configuration. SMP 2.1, RejectedConfig. */
export interface RejectedConfig extends protocol.RejectedConfig {}

/** The authority did not lock the amount. SMP 2.1, RejectedTransfer. */
export interface RejectedTransfer extends protocol.RejectedTransfer {}

/** The amount is locked until the deadline. SMP 2.1, PreparedTransfer. */
export interface PreparedTransfer extends protocol.PreparedTransfer {}

/** A prepared transfer is at its end: paid, dismissed or failed. SMP 2.1, FinalizedTransfer. */
export interface FinalizedTransfer extends protocol.FinalizedTransfer {}

/** What the account is at this moment; also its heartbeat. SMP 2.1, AccountUpdate. */
export interface AccountUpdate extends protocol.AccountUpdate {}

/** The account is deleted, and nothing can reach it any more. SMP 2.1, AccountPurge. */
export interface AccountPurge extends protocol.AccountPurge {}

/** A transfer changed the principal of the account. SMP 2.1, AccountTransfer. */
export interface AccountTransfer extends protocol.AccountTransfer {}

/** A message from the authority. */
export type OutgoingMessage =
  | RejectedConfig
  | RejectedTransfer
  | PreparedTransfer
  | FinalizedTransfer
  | AccountUpdate
  | AccountPurge
  | AccountTransfer;

/** The authority's three topics: what is for creditors, for debtors, and for coordinators of transfers. */
export type Topic = routing.Topic;

/** Why nothing was locked. SMP 2.1, RejectedTransfer, `status_code`. */
export type RejectionStatus = statusCodes.RejectionStatus;

/** How a prepared transfer ended; only `OK` is as it was decided. SMP 2.1, FinalizedTransfer, `status_code`. */
export type FinalizationStatus = statusCodes.FinalizationStatus;

/** Why a configuration was not applied. SMP 2.1, RejectedConfig, `rejection_code`. */
export type ConfigRejectionCode = statusCodes.ConfigRejectionCode;
