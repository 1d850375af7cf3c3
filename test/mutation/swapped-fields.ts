/** Fields that have one type and stand in one object, so that one may be taken for another and the compiler says nothing. */

const ACCOUNT_INSTANTS = [
  'lastChangeTs',
  'lastConfigTs',
  'lastInterestRateChangeTs',
  'lastCapitalizationTs',
  'lastDeletionAttemptTs',
  'lastTransferCommittedAt',
  'announcedAt',
];
const ACCOUNT_AMOUNTS = ['principal', 'clippedAmount', 'totalLockedAmount', 'lastTransferNumber'];
const SETTINGS_SECONDS = [
  'messageMaxDelaySeconds',
  'heartbeatSeconds',
  'reminderSeconds',
  'commitPeriodSeconds',
  'minCapitalizationSeconds',
  'deletionAttemptsMinSeconds',
  'intranetExtremeDelaySeconds',
];

const GROUPS: readonly (readonly string[])[] = [
  ACCOUNT_INSTANTS,
  ACCOUNT_AMOUNTS,
  SETTINGS_SECONDS,
  ['interest', 'interestRate', 'previousInterestRate', 'negligibleAmount'],
  ['lastChangeSeqnum', 'lastConfigSeqnum', 'pendingTransfersCount', 'configFlags'],
  ['deletedAt', 'pendingUpdateSince'],
  ['preparedAt', 'announcedAt', 'deadline', 'finalInterestRateTs'],
  ['committedAmount', 'totalLockedAmount'],
  ['amount', 'committedAt'],
  ['lockedAmount', 'minLockedAmount', 'maxLockedAmount', 'committedAmount'],
  ['debtorId', 'creditorId'],
  ['coordinatorId', 'coordinatorRequestId'],
  ['transferId', 'requestTs', 'recipientId'],
  ['transferNumber', 'principal'],
  ['senderEntry', 'recipientEntry'],
  ['note', 'noteFormat'],
  ['transferNote', 'transferNoteFormat'],
  ['iri', 'contentType', 'sha256'],
];

export interface Swap {
  readonly line: number;
  readonly code: string;
  readonly mutant: string;
  /** The whole file with the one swap in it. */
  readonly source: string;
}

/** Every reading of a field `.a`, turned into a reading of each field that it could be taken for. */
export function swapsIn(source: string): readonly Swap[] {
  return [...source.matchAll(/\??\.([a-zA-Z0-9]+)\b/g)].flatMap((match) => {
    const name = match[1] ?? '';
    const end = match.index + match[0].length;
    const others = new Set(GROUPS.filter((group) => group.includes(name)).flat());
    others.delete(name);
    return [...others].map((other) => ({
      line: source.slice(0, match.index).split('\n').length,
      code: textAround(source, end - name.length, end, name),
      mutant: textAround(source, end - name.length, end, other),
      source: source.slice(0, end - name.length) + other + source.slice(end),
    }));
  });
}

/** The line of the swap, with the name in its place. */
function textAround(source: string, start: number, end: number, name: string): string {
  const before = source.slice(source.lastIndexOf('\n', start) + 1, start);
  const after = source.slice(end, source.indexOf('\n', end));
  return (before + name + after).trim();
}
