/** The two clients of one currency, as users have them: its debtor, and all its creditors. They notice what comes twice. */

import { type Client, creditorRange, issuer, type Role } from '../../../../lib/client/client.ts';
import { type OutgoingMessage, printMessage } from '../../../../lib/client/messages.ts';
import { openLibraryClient } from '../../support/library-client.ts';
import { stackUnderTest } from '../../support/stack-under-test.ts';

export interface CurrencyClients extends AsyncDisposable {
  readonly bank: Client;
  readonly creditors: Client;
  /** The distinct answers to each request so far, as texts, by its coordinator's numbers. */
  readonly answers: Answers;
}

/** What was received in the moment of a kill, and not deleted, must soon come again. */
const VISIBILITY_TIMEOUT = 2;
/** A message that could not be sent is sent again after so many seconds. */
const RESEND_SECONDS = 5;

/** @param outputs of a stack that may be away for a while now and then */
export async function openCurrencyClients(
  outputs: Readonly<Record<string, string>>,
  { debtorId, creditorIds }: { readonly debtorId: bigint; readonly creditorIds: readonly bigint[] },
): Promise<CurrencyClients> {
  const stack = stackUnderTest({ outputs, patienceMs: 0 });
  const answers = new Answers();
  const open = async (role: Role): Promise<Client> => {
    const { client } = await openLibraryClient(stack, role, {
      visibilityTimeout: VISIBILITY_TIMEOUT,
      settings: { resendSeconds: RESEND_SECONDS },
      onMessage: async (message) => answers.add(message),
      // The stack is away at times, which is what the test is about.
      onWarning: () => {},
    });
    return client;
  };
  const bank = await open(issuer(debtorId));
  const creditors = await open(creditorRange(creditorIds[0] ?? 0n, creditorIds.at(-1) ?? 0n));
  return {
    bank,
    creditors,
    answers,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([bank.close(), creditors.close()]);
      stack.sqs.destroy();
      stack.sns.destroy();
      stack.dynamoDb.destroy();
    },
  };
}

/** The same text again is no second message. */
export class Answers {
  readonly #texts = new Map<string, Set<string>>();

  add(message: OutgoingMessage): void {
    if (!('coordinatorId' in message)) {
      return;
    }
    // A request is prepared or rejected, and after that a prepared one is finalized.
    const step = message.type === 'FinalizedTransfer' ? 'end' : 'outcome';
    const key = `${step} of ${message.coordinatorId} ${message.coordinatorRequestId}`;
    this.#texts.set(key, (this.#texts.get(key) ?? new Set()).add(printMessage(message)));
  }

  /** Requests of which the same step was told twice. */
  get contradictions(): readonly (readonly string[])[] {
    return [...this.#texts.values()].filter(({ size }) => size > 1).map((texts) => [...texts]);
  }
}
