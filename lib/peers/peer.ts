/** What a peer is: another node of the network, which speaks for a range of IDs and for nobody else's. */

import type { IdRange } from './id-range.ts';

export type PeerType = 'creditors-agent' | 'debtors-agent';

/** What decides whether a peer may send a message. */
export interface Responsibility {
  readonly type: PeerType;
  /** Of a creditors agent the creditor IDs, of a debtors agent the debtor IDs that it is responsible for. */
  readonly range: IdRange;
  /** The debtor IDs that the authority serves. */
  readonly authorityRange: IdRange;
}

/**
 * `pending`: known, but not yet connected (its queues may exist). `deactivated`: refused at the door, but its accounts and its
 * outgoing messages are still taken care of.
 */
export type PeerState = 'pending' | 'active' | 'deactivated';

/** Where a peer's STOMP servers are, and how to speak to them. */
export interface StompAddress {
  /** At least one; any of them will do. */
  readonly servers: readonly { readonly host: string; readonly port: number }[];
  /** The virtual host that the peer's servers expect. */
  readonly host: string;
  /** Of every message that is sent to the peer. */
  readonly destination: string;
  readonly login: string | undefined;
  readonly passcode: string | undefined;
}

/** A peer that is reached by STOMP, with certificates in PEM. */
export interface StompReach {
  readonly kind: 'stomp';
  readonly address: StompAddress;
  /** The peer's root certificate: whom our connections to it trust. */
  readonly rootCertificate: string;
  /** The certificate by which the peer's root vouches for our root; sent along with our server certificate. */
  readonly subCertificate: string;
}

/** A peer that uses its queues itself, from inside AWS. */
export interface AwsReach {
  readonly kind: 'aws';
  /** ARNs of accounts, roles or users; at least one. */
  readonly principals: readonly string[];
}

export interface Peer extends Responsibility {
  /** 8 to 32 lower-case hexadecimal digits. */
  readonly nodeId: string;
  readonly state: PeerState;
  readonly reach: StompReach | AwsReach;
}

/** The authority itself and all its peers, in the order of their node IDs. */
export interface Network {
  /** 8 lower-case hexadecimal digits, which are also the beginning of all debtor IDs that the authority serves. */
  readonly nodeId: string;
  /** In PEM: whom connections from peers must be vouched for by. */
  readonly rootCertificate: string;
  readonly range: IdRange;
  /** The destination to which peers send their messages, as the authority's manifest announces it. */
  readonly destination: string;
  readonly peers: readonly Peer[];
}
