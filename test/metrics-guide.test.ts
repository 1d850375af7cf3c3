import { describe, expect, it } from 'vitest';
import { isReported, metricRoots } from './support/metric-names.ts';
import { sourceFiles } from './support/source-files.ts';

/** Metrics of AWS's own that documents name, as AWS's documentation spells them. */
const OF_AWS = new Set([
  'ApproximateAgeOfOldestMessage',
  'ApproximateNumberOfMessagesVisible',
  'IteratorAge',
  'WriteAccountLimitThrottleEvents',
  'WriteKeyRangeThroughputThrottleEvents',
]);

/** In backticks: dotted names that begin like a metric of ours, and single words that end like a metric. */
function metricsIn(text: string): string[] {
  const words = [...text.matchAll(/`([A-Za-z][\w.-]*)`/g)].map(([, word = '']) => word);
  const roots = metricRoots();
  return words.filter((word) =>
    word.includes('.')
      ? roots.has(word.split('.')[0] ?? '')
      : /^(Conflicts|Commits|Retries|Unavailable)$|^[A-Z]\w*(Units|ThrottleEvents|Age|PaymentTime|OldestMessage|MessagesVisible)$/.test(
          word,
        ),
  );
}

describe('Metrics', () => {
  it('that documents name exist under exactly this name', () => {
    const wrong = sourceFiles(['docs'], ['.md'])
      .flatMap(({ path, text }) => metricsIn(text).map((name) => [path, name] as const))
      .filter(([, name]) => !isReported(name) && !OF_AWS.has(name));
    expect(wrong).toStrictEqual([]);
  });

  it('are recognised by what the functions report', () => {
    expect(
      [
        'Sweep.accounts.heartbeat',
        'Messages.PrepareTransfer.applied',
        'CommitTime',
        'WriteUnits',
        'Unavailable',
      ].filter((name) => !isReported(name)),
    ).toStrictEqual([]);
    expect(
      [
        'Sweep.account.heartbeat',
        'Messages.PrepareTransfer.done',
        'CommitsTime',
        'WriteUnit',
        'Unavailables',
      ].filter(isReported),
    ).toStrictEqual([]);
    expect(metricsIn('`Sweep.accounts` and `ledger.ts`, `WriteUnits`, `Conflicts`')).toStrictEqual([
      'Sweep.accounts',
      'WriteUnits',
      'Conflicts',
    ]);
  });
});
