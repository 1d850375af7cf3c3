/**
 * The duties of the library, each broken on purpose: the text must occur exactly once in its file, and when the code changes,
 * this list must follow.
 */

import type { Mutation } from '../../simulation/mutated-copy.ts';

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'a message is acknowledged before what it changes is saved',
    file: 'lib/client/engine/inbox.ts',
    oldText: '  const message = parse(delivery.body);\n',
    newText:
      '  const message = parse(delivery.body);\n  await client.transport.acknowledge([delivery], signal);\n',
  },
  {
    name: 'a request is sent before it is saved',
    file: 'lib/client/engine/transfer-verbs.ts',
    oldText: '    if (transfer !== undefined && (await transfers.add(transfer, signal))) {',
    newText:
      '    await trySending(client, send, signal);\n    if (transfer !== undefined && (await transfers.add(transfer, signal))) {',
  },
  {
    name: 'a lock of no known transfer is left alone',
    file: 'lib/client/records/transfer-answers.ts',
    oldText: '  const dismissal = { transfer, send: [dismissalOf(prepared, now)] };',
    newText: '  const dismissal = { transfer, send: transfer ? [dismissalOf(prepared, now)] : [] };',
  },
  {
    name: 'a finished transfer is forgotten at once',
    file: 'lib/client/records/transfer-chores.ts',
    oldText: '      return addSeconds(touchedAt, settings.keepSeconds);',
    newText: '      return touchedAt;',
  },
  {
    name: 'a lock that comes again for a decided transfer is dismissed',
    file: 'lib/client/records/transfer-answers.ts',
    oldText: '        ? { transfer, send: [finalizationOf(transfer, now)] }',
    newText: '        ? dismissal',
  },
  {
    name: 'a hold past its deadline is kept',
    file: 'lib/client/records/transfer-chores.ts',
    oldText: '      return settle(transfer, DISMISSED, now);',
    newText: '      return { transfer, send: [] };',
  },
  {
    name: 'a request without an answer is not sent again',
    file: 'lib/client/records/transfer-chores.ts',
    oldText: '      return { transfer: sentAgain(transfer, now), send: [transfer.request] };',
    newText: '      return { transfer: sentAgain(transfer, now), send: [] };',
  },
  {
    name: 'a copy of a request has a time of its own',
    file: 'lib/client/records/transfer-chores.ts',
    oldText: 'send: [transfer.request] };',
    newText: 'send: [{ ...transfer.request, ts: now }] };',
  },
  {
    name: 'a decision without an answer is not sent again',
    file: 'lib/client/records/transfer-chores.ts',
    oldText: ': { transfer: sentAgain(transfer, now), send: [finalizationOf(transfer, now)] };',
    newText: ': { transfer: sentAgain(transfer, now), send: [] };',
  },
  {
    name: 'a decision can be changed',
    file: 'lib/client/records/transfer-decisions.ts',
    oldText: "  if (transfer.status === 'prepared') {",
    newText: "  if (transfer.status === 'prepared' || transfer.status === 'settled') {",
  },
  {
    name: 'an idempotency key is not looked up',
    file: 'lib/client/engine/transfer-verbs.ts',
    oldText:
      '    const known = await transfers.findByKey(idempotencyKey, signal);\n    if (known !== undefined) {',
    newText:
      '    const known = await transfers.findByKey(idempotencyKey, signal);\n    if (known !== undefined && !isEnded(known)) {',
  },
  {
    name: 'a transfer that ended is not found again by its key',
    file: 'lib/client/engine/transfer-book.ts',
    oldText: '      sort: printIdempotencyKey(known.idempotencyKey),\n      before: before && sort,',
    newText:
      '      sort: printIdempotencyKey(known.idempotencyKey + known.request.coordinatorRequestId),\n      before: before && sort,',
  },
  {
    name: 'a store writes without looking whether anything changed',
    file: 'lib/client/stores/memory-store.ts',
    oldText: 'if (changes.some((change) => this.#textOf(change) !== change.before)) {',
    newText:
      'if (changes.some((change) => change.before === undefined && this.#textOf(change) !== undefined)) {',
  },
  {
    name: 'a transfer that came too early is dropped',
    file: 'lib/client/engine/account-book.ts',
    oldText: 'if (ledger.isIncomingEarly && transfer !== undefined && waitingText === undefined) {',
    newText: 'if (ledger.isIncomingEarly && transfer === null) {',
  },
  {
    name: 'a transfer is taken for the next whatever is missing before it',
    file: 'lib/client/records/account-ledger.ts',
    oldText: "return transfer.previousTransferNumber === head.lastTransferNumber ? 'next' : 'early';",
    newText: "return 'next';",
  },
  {
    name: 'a transfer is added to the ledger each time it comes',
    file: 'lib/client/records/account-ledger.ts',
    oldText: '  if (transfer.transferNumber <= head.lastTransferNumber) {',
    newText: '  if (transfer.transferNumber < head.lastTransferNumber) {',
  },
  {
    name: 'a gap in a ledger is never patched',
    file: 'lib/client/engine/chores.ts',
    oldText: 'patches: true }',
    newText: 'patches: false }',
  },
  {
    name: 'negligible credits are not bridged at the end of a ledger',
    file: 'lib/client/engine/ledger-work.ts',
    oldText: '  if (latest !== undefined && !isUnfinished) {',
    newText: '  if (latest !== undefined && latest === null && !isUnfinished) {',
  },
  {
    name: 'an older AccountUpdate replaces a later one',
    file: 'lib/client/records/account-data.ts',
    oldText: '  if (latest !== undefined && !isLaterChange(update, latest)) {',
    newText: '  if (latest !== undefined && !isLaterChange(update, latest) && update === latest) {',
  },
  {
    name: 'a configuration without an answer is not sent again',
    file: 'lib/client/records/configuration-chores.ts',
    oldText: '    send: [configuration.message],\n',
    newText: '    send: [],\n',
  },
];
