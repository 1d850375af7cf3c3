/**
 * Plays the two agents of a network that make-network.ts has made: the debtors agent opens a currency and issues 100 to Alice, an
 * account of the creditors agent, who pays 40 to Bob.
 *
 *   node examples/network/pay.ts FOLDER
 *
 * The authority must run: npm start -- --peers FOLDER/authority
 */

import { join } from 'node:path';
import { creditorRange, issuer, MemoryStore, openClient, type Role } from '../../lib/client/client.ts';
import { Agent } from './agent.ts';

/** In the ranges of the two agents: debtors from 0x1234abcd00, creditors from 0x000002. */
const DEBTOR = 0x1234abcd00000001n;
const ALICE = 0x0000020000000001n;
const BOB = 0x0000020000000002n;

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Usage: node examples/network/pay.ts FOLDER');
  process.exitCode = 1;
} else {
  try {
    await play(new Agent(join(folder, 'debtors-agent')), new Agent(join(folder, 'creditors-agent')));
  } catch (error) {
    console.error(
      `${error instanceof Error ? error.message : error}\nDoes the authority run? See docs/network.md.`,
    );
    process.exit(1);
  }
}

async function play(debtors: Agent, creditors: Agent): Promise<void> {
  await Promise.all([debtors.listen(), creditors.listen()]);
  const bank = await open(issuer(DEBTOR), debtors);
  const holders = await open(creditorRange(ALICE, BOB), creditors);
  const root = { debtorId: DEBTOR, creditorId: 0n };
  const alice = { debtorId: DEBTOR, creditorId: ALICE };
  const bob = { debtorId: DEBTOR, creditorId: BOB };
  await bank.openAccount(root, { negligibleAmount: 1e9 });
  await Promise.all([holders.openAccount(alice), holders.openAccount(bob)]);
  console.log('The debtors agent has opened a currency, the creditors agent accounts for Alice and Bob.');

  await bank.issue({ to: ALICE, amount: 100n });
  const issued = await holders.accountWhen(alice, ({ ledger }) => ledger.entryCount > 0n);
  console.log(`The debtors agent has issued 100 to Alice, who has ${issued.ledger.principal}.`);

  await holders.pay({ from: alice, to: BOB, amount: 40n });
  const paid = await holders.accountWhen(bob, ({ ledger }) => ledger.entryCount > 0n);
  console.log(`Alice has paid 40 to Bob, who has ${paid.ledger.principal}.`);
  await Promise.all([bank.close(), holders.close()]);
  debtors.close();
  creditors.close();
}

/** A client that must survive a crash needs `openSqliteStore`. */
function open(role: Role, agent: Agent) {
  return openClient({ role, store: new MemoryStore(), transport: agent });
}
