/** What happens in a ledger, as people follow it. */

/** One event. Bodies are JSON as it was sent; a malformed message's body may be anything. */
export type FeedEvent =
  /** A message was put into the incoming queue. */
  | { readonly kind: 'in'; readonly messageId: string; readonly body: string }
  /** A message was published. */
  | { readonly kind: 'out'; readonly topicName: string; readonly body: string }
  /** A message was put into the dead-letter queue. */
  | { readonly kind: 'dead'; readonly body: string; readonly reason: string }
  /** A message had no effect. */
  | {
      readonly kind: 'ignored';
      readonly messageId: string;
      readonly type: string;
      /** `debtorId:creditorId`, as the log prints it. */
      readonly account: string;
      readonly reason: string;
    }
  /** A function logged a warning, such as about an item that can't be read. */
  | { readonly kind: 'warning'; readonly functionLabel: string; readonly sentence: string }
  /** A fault that somebody asked for came over a function. */
  | { readonly kind: 'fault'; readonly functionLabel: string; readonly sentence: string };
