/**
 * Plays the two agents of a network that make-network.ts has made: the debtors agent opens a currency and issues 100 to Alice, an
 * account of the creditors agent, who pays 40 to Bob.
 *
 *   node examples/network/pay.ts FOLDER
 *
 * The authority must run: npm start -- --peers FOLDER/authority
 */

import { join } from 'node:path';
import type { AccountTransfer, PrepareTransfer } from '../../lib/protocol/messages.ts';
import { MAX_TIMESTAMP } from '../../lib/protocol/timestamps.ts';
import { Agent } from './agent.ts';

/** In the ranges of the two agents: debtors from 0x1234abcd00, creditors from 0x000002. */
const DEBTOR = 0x1234abcd00000001n;
const ALICE = 0x0000020000000001n;
const BOB = 0x0000020000000002n;

const now = (): bigint => BigInt(Date.now()) * 1_000n;

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
  await open(debtors, 0n, 1e9);
  await Promise.all([open(creditors, ALICE), open(creditors, BOB)]);
  console.log('The debtors agent has opened a currency, the creditors agent accounts for Alice and Bob.');

  const issuing = { coordinatorType: 'issuing', coordinatorId: DEBTOR, creditorId: 0n };
  await pay(debtors, { ...issuing, recipient: ALICE, amount: 100n });
  const issued = await creditors.take('AccountTransfer', isIncomeOf(ALICE));
  console.log(`The debtors agent has issued ${issued.acquiredAmount} to Alice, who has ${issued.principal}.`);

  const direct = { coordinatorType: 'direct', coordinatorId: ALICE, creditorId: ALICE };
  await pay(creditors, { ...direct, recipient: BOB, amount: 40n });
  const paid = await creditors.take('AccountTransfer', isIncomeOf(BOB));
  console.log(`Alice has paid ${paid.acquiredAmount} to Bob, who has ${paid.principal}.`);
  debtors.close();
  creditors.close();
}

/** Also accounts that pay are told. */
function isIncomeOf(owner: bigint) {
  return ({ creditorId, acquiredAmount }: AccountTransfer): boolean =>
    creditorId === owner && acquiredAmount > 0n;
}

async function open(agent: Agent, creditorId: bigint, negligibleAmount = 0): Promise<void> {
  await agent.send({
    type: 'ConfigureAccount',
    debtorId: DEBTOR,
    creditorId,
    negligibleAmount,
    configFlags: 0,
    configData: '',
    ts: now(),
    seqnum: 0,
  });
  await agent.take('AccountUpdate', (update) => update.creditorId === creditorId);
}

interface Payment extends Pick<PrepareTransfer, 'coordinatorType' | 'coordinatorId' | 'creditorId'> {
  readonly recipient: bigint;
  readonly amount: bigint;
}

/** Locks the amount, and pays it. */
async function pay(agent: Agent, { recipient, amount, ...coordinator }: Payment): Promise<void> {
  const request = { debtorId: DEBTOR, ...coordinator, coordinatorRequestId: now() };
  await agent.send({
    type: 'PrepareTransfer',
    ...request,
    minLockedAmount: amount,
    maxLockedAmount: amount,
    recipient: recipient.toString(),
    finalInterestRateTs: MAX_TIMESTAMP,
    maxCommitDelay: 86_400,
    ts: now(),
  });
  const { transferId } = await agent.take(
    'PreparedTransfer',
    ({ coordinatorRequestId }) => coordinatorRequestId === request.coordinatorRequestId,
  );
  await agent.send({
    type: 'FinalizeTransfer',
    ...request,
    transferId,
    committedAmount: amount,
    transferNote: '',
    transferNoteFormat: '',
    ts: now(),
  });
}
