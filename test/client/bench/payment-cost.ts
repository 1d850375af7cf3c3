/** What a payment through the library costs of CPU time, without the calls of SQS and SNS. */

import { type ClientStore, creditor, openClient } from '../../../lib/client/client.ts';
import { ACCOUNT, scriptedAuthority } from './scripted-authority.ts';

export interface PaymentCostOptions {
  readonly store: ClientStore;
  readonly paymentCount: number;
  /** How many payments are under way at any time. */
  readonly underWay: number;
}

const RECIPIENT = ACCOUNT.creditorId + 1n;

/**
 * Milliseconds of CPU time for each payment, from the call to its result: four messages to read, two to write, four changes of
 * the store, and an entry in the ledger. After a quarter as many to warm up.
 */
export async function measurePaymentCost(options: PaymentCostOptions): Promise<number> {
  const { store, paymentCount } = options;
  const role = creditor(ACCOUNT.creditorId);
  await using client = await openClient({ role, store, transport: scriptedAuthority() });
  const pay = async (count: number): Promise<void> => {
    let left = count;
    const payOn = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await client.pay({ from: ACCOUNT, to: RECIPIENT, amount: 1n });
      }
    };
    await Promise.all(Array.from({ length: options.underWay }, payOn));
    const { ledger } = await client.accountWhen(ACCOUNT, ({ ledger: { principal } }) => principal <= -paid());
    if (ledger.principal !== -paid()) {
      throw new Error(`The ledger ends with ${ledger.principal} after ${paid()} payments.`);
    }
  };
  let paidCount = Math.ceil(paymentCount / 4);
  const paid = (): bigint => BigInt(paidCount);
  await pay(paidCount);
  paidCount += paymentCount;
  const before = process.cpuUsage();
  await pay(paymentCount);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / paymentCount;
}
