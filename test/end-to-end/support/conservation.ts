/** Checks a currency after every test: no token has appeared or vanished (SMP 2.1, guarantees). */

import type { Currency } from './currency.ts';
import { accountId, configureAccount, only } from './requests.ts';
import type { StackUnderTest } from './stack-under-test.ts';
import type { WireMessage } from './wire-json.ts';

/**
 * The present principal of each account. To get it, this configures the account as it is already configured, with a later
 * sequence number. The answer comes at once.
 */
export async function askForPrincipals(currency: Currency): Promise<ReadonlyMap<bigint, bigint>> {
  const updates = [...currency.latestUpdates()];
  const principals = updates.map(async ([creditorId, update]) => {
    const config = laterConfig(currency.debtorId, creditorId, update);
    await currency.send(config);
    const answer = { creditor_id: creditorId, last_config_seqnum: config.seqnum ?? 0n };
    const { message } = await currency.receive('AccountUpdate', answer);
    return [creditorId, message.principal as bigint] as const;
  });
  return new Map(await Promise.all(principals));
}

function laterConfig(debtorId: bigint, creditorId: bigint, update: WireMessage): WireMessage {
  return configureAccount({
    debtor_id: debtorId,
    creditor_id: creditorId,
    ...only(update, ['negligible_amount', 'config_flags', 'config_data']),
    ts: update.last_config_ts ?? '',
    seqnum: BigInt.asIntN(32, (update.last_config_seqnum as bigint) + 1n),
  });
}

/** @throws {Error} when the principals do not add up to zero within the stack's patience */
export async function checkConservation(currency: Currency, { patienceMs }: StackUnderTest): Promise<void> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const principals = await askForPrincipals(currency);
    const sum = [...principals.values()].reduce((total, principal) => total + principal, 0n);
    if (sum === 0n) {
      return;
    }
    if (Date.now() > end) {
      const list = [...principals].map(([creditorId, principal]) => `${accountId(creditorId)}: ${principal}`);
      throw new Error(`The principals of currency ${currency.debtorId} come to ${sum} (${list.join(', ')}).`);
    }
  }
}
