import { describe, expect, it } from 'vitest';
import type { CaseResult } from '../case-result.ts';
import { underWay } from '../load.ts';
import { NO_FUNCTION_USAGE, type Usage } from '../usage.ts';
import { ASSUMPTIONS, countsOfCase } from './counted-case.ts';

const NO_TIMES = { p50: 0, p90: 0, p99: 0, max: 0 };

/** 1,000 transfers. */
function aResult(usage: Usage | undefined, transferCount = 1_000): CaseResult {
  return {
    name: 'burst',
    title: 'one sender pays 100 recipients',
    authority: 'a local run',
    load: underWay(1_000),
    transferCount,
    warmUpCount: 0,
    accountCount: 101,
    seconds: 2,
    transfersPerSecond: 500,
    times: {
      prepared: NO_TIMES,
      finalized: NO_TIMES,
      debited: NO_TIMES,
      credited: NO_TIMES,
      whole: NO_TIMES,
    },
    usage,
    processorsBusy: undefined,
    messages: { received: 4_101, repeated: 0, outOfOrder: 0 },
    faults: [],
  };
}

function aUsage(changes: Partial<Usage> = {}): Usage {
  return {
    metrics: {
      WriteUnits: 6_200,
      ReadUnits: 1_650,
      Commits: 320,
      'Calls.PublishBatch': 410,
      'Calls.SendMessageBatch': 11,
      'Events.AccountUpdate': 101,
    },
    functions: {
      'process-messages': { ...NO_FUNCTION_USAGE, invocations: 4, logBytes: 3_800 },
      'credit-recipients': { ...NO_FUNCTION_USAGE, invocations: 3, logBytes: 2_600 },
      'publish-events': { ...NO_FUNCTION_USAGE, invocations: 6, logBytes: 4_200 },
      'run-chores': { ...NO_FUNCTION_USAGE, invocations: 2, logBytes: 1_400 },
    },
    cpu: { handlers: 500, tableEmulator: 9_000, queueEmulator: 4_000, clients: 2_000 },
    ...changes,
  };
}

/** Rounded, so that only significant digits are compared. */
function rounded(counts: object | undefined) {
  return Object.fromEntries(
    Object.entries(counts ?? {}).map(([name, value]) => [
      name,
      typeof value === 'number' ? Number(value.toFixed(6)) : value,
    ]),
  );
}

describe('The counts of a measured case', () => {
  it('are those for one transfer', () => {
    expect(rounded(countsOfCase(aResult(aUsage())))).toStrictEqual({
      name: 'burst',
      writeUnits: 6.2,
      readUnits: 1.65,
      streamRecords: 3.1,
      // 2,000 sends; 200 receives and 200 deletes; 11 sends of chores; 10.1 receives and 10.1 deletes of them.
      queueRequests: 2.4312,
      publishRequests: 0.41,
      httpDeliveries: 0,
      invocations: 0.015,
      // 500 ms × 1,769 / 1,024, and waiting: 9 reads of 5 ms, 20 rounds of commits and 51.25 of publications of 15 ms.
      gigabyteSeconds: 0.001978,
      // 12,000 written here, and 15 × 550 more by Lambda.
      logBytes: 20.25,
    });
  });

  it('have a receive and a delete for each invocation where messages come one by one', () => {
    const functions = {
      'process-messages': { ...NO_FUNCTION_USAGE, invocations: 2_000 },
      'run-chores': { ...NO_FUNCTION_USAGE, invocations: 2_000 },
    };
    const metrics = { 'Calls.SendMessageBatch': 2_000, 'Events.AccountUpdate': 2_000 };
    expect(countsOfCase(aResult(aUsage({ functions, metrics })))?.queueRequests).toBe(12);
  });

  it('have the calls of the function for what it takes itself, the vain ones included', () => {
    const taken = { 'Messages.taken': 1_500, 'Calls.ReceiveMessage': 190, 'Calls.DeleteMessageBatch': 151 };
    const { metrics } = aUsage();
    const counts = countsOfCase(
      aResult(aUsage({ metrics: { ...metrics, ...taken, 'Calls.ChangeMessageVisibilityBatch': 2 } })),
    );
    // Lambda receives and deletes 500 instead of 2,000.
    expect(counts?.queueRequests.toFixed(4)).toBe((2.4312 - 0.3 + 0.343).toFixed(4));
  });

  it('have fewer sends where clients send ten messages in a call', () => {
    const counts = countsOfCase(aResult(aUsage()), { ...ASSUMPTIONS, messagesInSend: 10 });
    expect(counts?.queueRequests.toFixed(4)).toBe('0.6312');
  });

  it('have a usual log where handlers were fed directly and wrote none', () => {
    const functions = { 'process-messages': { ...NO_FUNCTION_USAGE, invocations: 10 } };
    expect(countsOfCase(aResult(aUsage({ functions })))?.logBytes).toBe(15);
  });

  it('are unknown where the usage is, or where nothing was paid', () => {
    expect([countsOfCase(aResult(undefined)), countsOfCase(aResult(aUsage(), 0))]).toStrictEqual([
      undefined,
      undefined,
    ]);
  });
});
