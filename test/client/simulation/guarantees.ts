/** What must be right whatever happened. Each violation is one sentence. */

import { Agenda } from '../../../lib/client/engine/agenda.ts';
import type { LedgerEntry } from '../../../lib/client/records.ts';
import { printRole } from '../../../lib/client/roles.ts';
import type { Actor, Ending, Intent } from './actor.ts';
import type { Features } from './features.ts';
import type { Network } from './network.ts';

/** Every intent that is not lost ended in exactly one way, and the authority agrees; copies of requests are equal, and what is sent was saved. */
export function checkEndings(actors: readonly Actor[], network: Network): string[] {
  return [
    ...actors.flatMap((actor) => endingsOf(actor, network)),
    ...copiesOf(network, actors),
    ...network.witness.unsaved,
  ];
}

/** Nobody has to call again for what was saved to go on: in a day without faults it ends, or waits for a decision. */
export async function checkUnattended(actors: readonly Actor[]): Promise<string[]> {
  const violations: string[] = [];
  for (const { lives, role, account } of actors) {
    const client = lives[0]?.client;
    for await (const { status, idempotencyKey } of client?.transfers() ?? []) {
      if (status === 'requested' || status === 'settled') {
        violations.push(`${printRole(role)}: ${idempotencyKey} is still ${status}`);
      }
    }
    if ((await client?.account(account))?.configuration?.status === 'sent') {
      violations.push(`${printRole(role)}: the configuration still has no answer`);
    }
  }
  return violations;
}

function endingsOf(actor: Actor, network: Network): string[] {
  const violations = actor.problems.map((problem) => `a call failed: ${problem}`);
  for (const intent of actor.intents) {
    const endings = actor.endings.get(intent.key) ?? new Set();
    const committed = network.witness.committed.get(intent.key) ?? [];
    const wanted = intent.kind === 'pay' ? intent.amount : 1n;
    if (committed.length > 1) {
      violations.push(`${intent.key} was paid ${committed.length} times`);
    }
    if (committed.some((amount) => amount !== wanted)) {
      violations.push(`${intent.key} paid ${committed} instead of ${wanted}`);
    }
    if (!actor.lost.has(intent.key)) {
      violations.push(...disagreements(intent, endings, committed.length > 0));
    }
  }
  return violations;
}

function disagreements({ kind, key }: Intent, endings: ReadonlySet<Ending>, isPaid: boolean): string[] {
  const told = [...endings].join(' and ');
  if (kind === 'forget') {
    return isPaid ? [`${key} was to be forgotten and is paid`] : [];
  }
  const expected: Readonly<Record<string, boolean>> = {
    paid: true,
    rejected: false,
    failed: false,
    conflict: false,
    dismissed: false,
  };
  if (endings.size !== 1 || expected[told] === undefined) {
    return [`${key} (${kind}) ended ${told || 'never'}`];
  }
  return expected[told] === isPaid
    ? []
    : [`${key} was told to be ${told}, but is ${isPaid ? 'paid' : 'not paid'}`];
}

/** Only a client that lost its store may decide otherwise the second time: it dismisses what it does not know. */
function copiesOf({ witness }: Network, actors: readonly Actor[]): string[] {
  const hasLosses = actors.some(({ hasLostStore }) => hasLostStore);
  const prepares = [...witness.prepares].filter(([, texts]) => texts.size > 1);
  const finalizes = [...witness.finalizes].filter(([, texts]) => texts.size > 1 && !hasLosses);
  return [
    ...prepares.map(([key]) => `the request ${key} was sent in different forms`),
    ...finalizes.map(([key]) => `the transfer ${key} was decided in different ways`),
  ];
}

/** After months of peace nothing is locked, nothing waits, and what clients know is what the authority knows. */
export async function checkPeace(
  actors: readonly Actor[],
  network: Network,
  features: Features,
): Promise<string[]> {
  const violations: string[] = network.isEmpty ? [] : ['messages are left'];
  for (const account of network.ledger.accounts) {
    if (account.totalLockedAmount !== 0n || account.pendingTransfersCount !== 0) {
      violations.push(`${account.totalLockedAmount} is locked on ${account.creditorId}`);
    }
  }
  for (const actor of actors) {
    const found = await violationsOf(actor, network, features);
    violations.push(...found.map((violation) => `${printRole(actor.role)}: ${violation}`));
  }
  return violations;
}

async function violationsOf(actor: Actor, network: Network, features: Features): Promise<string[]> {
  const [life] = actor.lives;
  const stored = await life?.client.account(actor.account);
  const account = network.ledger.account(actor.account);
  if (stored === undefined || account === undefined) {
    return stored === account ? [] : ['only one side knows the account'];
  }
  const entries: LedgerEntry[] = [];
  for await (const entry of life?.client.ledger(actor.account) ?? []) {
    entries.push(entry);
  }
  const mayMiss = features.drops > 0 || actor.hasLostStore;
  const agenda = await new Agenda(actor.store, encodeURIComponent(printRole(actor.role))).list(100);
  return [
    ...(stored.latest?.principal === account.principal
      ? []
      : ["the latest principal is not the authority's"]),
    ...(stored.latest?.lastConfigTs === account.lastConfigTs
      ? []
      : ["the configuration is not the authority's"]),
    ...(stored.configuration?.status === 'sent' ? ['a configuration waits for its answer'] : []),
    ...(stored.ledger.principal === account.principal
      ? []
      : [`the ledger ends with ${stored.ledger.principal} instead of ${account.principal}`]),
    ...ledgerFaults(entries, { mayMiss, isRoot: actor.account.creditorId === 0n }),
    ...(agenda.length === 0 ? [] : [`the agenda still has ${agenda.length} items`]),
  ];
}

function ledgerFaults(
  entries: readonly LedgerEntry[],
  { mayMiss, isRoot }: { readonly mayMiss: boolean; readonly isRoot: boolean },
): string[] {
  const faults: string[] = [];
  let principal = 0n;
  let lastNumber = 0n;
  for (const [index, entry] of entries.entries()) {
    principal += entry.acquiredAmount;
    if (entry.entryNumber !== BigInt(index + 1) || entry.principal !== principal) {
      faults.push(`entry ${entry.entryNumber} does not follow the one before it`);
    }
    if (entry.kind === 'missing') {
      lastNumber = entry.lastMissing;
      faults.push(
        ...(mayMiss ? [] : [`${entry.firstMissing} to ${entry.lastMissing} are said to be missing`]),
      );
    }
    // What is not told one by one are credits, or what a root account issued: never anything that is taken back.
    if (entry.kind === 'bridge' && entry.acquiredAmount > 0n === isRoot) {
      faults.push(`entry ${entry.entryNumber} bridges ${entry.acquiredAmount}`);
    }
    if (entry.kind === 'transfer') {
      if (entry.transfer.transferNumber !== lastNumber + 1n || entry.principal !== entry.transfer.principal) {
        faults.push(`transfer ${entry.transfer.transferNumber} is not in its place`);
      }
      lastNumber = entry.transfer.transferNumber;
    }
  }
  return faults;
}
