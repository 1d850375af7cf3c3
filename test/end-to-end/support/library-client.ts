/** Clients of the library as users have them: each with records in memory and a queue of its own on the stack. */

import {
  type AccountKey,
  type Client,
  type ClientOptions,
  MemoryStore,
  openClient,
  queueTransport,
  type Role,
  type Subscription,
  subscribe,
} from '../../../lib/client/client.ts';
import type { StackUnderTest } from './stack-under-test.ts';

export interface LibraryClient {
  readonly client: Client;
  /** Of the client's queue; closing the client leaves it. */
  readonly subscription: Subscription;
}

type Options = Partial<Omit<ClientOptions, 'role' | 'store' | 'transport'>> & {
  /** In seconds: what was taken and not acknowledged for so long comes again. */
  readonly visibilityTimeout?: number;
};

export async function openLibraryClient(
  { sqs, sns, topicArns, incomingQueueUrl }: StackUnderTest,
  role: Role,
  { visibilityTimeout, ...options }: Options = {},
): Promise<LibraryClient> {
  const subscription = await subscribe({
    ...{ sqs, sns, topicArns, role },
    ...(visibilityTimeout !== undefined && { visibilityTimeout }),
  });
  const transport = queueTransport({ sqs, incomingQueueUrl, queueUrl: subscription.queueUrl });
  const client = await openClient({ ...options, role, store: new MemoryStore(), transport });
  return { client, subscription };
}

/** Waits until both agree: what the authority says of the account, and the ledger that the client has put together. */
export async function whenBalanceIs(
  client: Client,
  account: AccountKey,
  { principal, patienceMs }: { readonly principal: bigint; readonly patienceMs: number },
): Promise<void> {
  await client.accountWhen(
    account,
    ({ latest, ledger }) => latest?.principal === principal && ledger.principal === principal,
    { signal: AbortSignal.timeout(patienceMs) },
  );
}
