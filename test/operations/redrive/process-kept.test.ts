/** Kept records that are processed later: what comes of them. */

import { expect, it } from 'vitest';
import { type KeptOutcome, processKept } from '../../../lib/operations/redrive/process-kept.ts';
import type { TopicEntry } from '../../../lib/shell/event-topics.ts';
import type { FailureKind } from '../../../lib/shell/send-failures.ts';
import { encodeAccount } from '../../../lib/storage/account-codec.ts';
import { toWire } from '../../../lib/storage/wire-item.ts';
import { anAccount, DEFAULT_SETTINGS, NOW } from '../../support/builders.ts';
import { anInvocation } from '../../support/invocations.ts';
import { ENOUGH_TIME, TestTelemetry } from '../../support/shell-surroundings.ts';

const RECORD = {
  dynamodb: {
    SequenceNumber: '7',
    Keys: { account: { S: '1:1099511627777' } },
    NewImage: toWire(encodeAccount(anAccount({ announcedAt: NOW }))),
  },
};

it.each<readonly [FailureKind | undefined, KeptOutcome]>([
  [undefined, { kind: 'done' }],
  ['throttled', { kind: 'failed' }],
  ['refused', { kind: 'refused', reason: 'refused: why' }],
])('A kept record whose message is %s by its topic ends as %j', async (kind, outcome) => {
  const publish = {
    topics: {
      publish: async (_topic: unknown, [item]: readonly TopicEntry[]) =>
        kind === undefined || item === undefined ? [] : [{ item, kind, reason: 'why' }],
    },
    chores: { send: async () => [] },
    settings: DEFAULT_SETTINGS,
    telemetry: new TestTelemetry(),
    hasTime: ENOUGH_TIME,
  };
  const kept = { functionName: 'publish-events', reason: 'then', record: RECORD } as const;
  expect(await processKept(kept, { kind: 'readable' }, { publish, credit: anInvocation({}) })).toStrictEqual(
    outcome,
  );
});
