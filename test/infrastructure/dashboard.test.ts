import { describe, expect, it } from 'vitest';
import { MILLION_PRICES } from '../../lib/infrastructure/dashboard-costs.ts';
import { INCOMING_TYPES, OUTGOING_TYPES } from '../../lib/infrastructure/dashboard-metrics.ts';
import { INCOMING_MESSAGE_SCHEMAS, OUTGOING_MESSAGE_SCHEMAS } from '../../lib/protocol/messages.ts';
import { PRICES } from '../bench/cost/prices.ts';
import { isReported } from '../support/metric-names.ts';
import { propertiesOf, synthesize } from './template.ts';

const TEMPLATE = synthesize({ stackName: 'Second', syntheticPaymentMinutes: '5', auditHours: '24' });

interface Widget {
  readonly properties: { readonly title?: string; readonly metrics?: readonly (readonly unknown[])[] };
}

/** The dashboard's body, with `?` for what is known only when it is deployed. */
function widgets(): Widget[] {
  const [dashboard] = Object.values(propertiesOf(TEMPLATE, 'AWS::CloudWatch::Dashboard'));
  const parts: unknown[] = dashboard.DashboardBody['Fn::Join'][1];
  return JSON.parse(
    parts.map((part) => (typeof part === 'string' && !/^[A-Za-z.:]+$/.test(part) ? part : '?')).join(''),
  ).widgets;
}

/** Each is `[namespace, name, dimension, value, …, options]`; an expression has only options. */
function metricsOf(namespace: string): unknown[][] {
  return widgets().flatMap(({ properties }) =>
    (properties.metrics ?? []).filter(([first]) => first === namespace).map((metric) => [...metric]),
  );
}

describe('The dashboard', () => {
  it('shows what comes and goes, what is late, what failed, and what it costs', () => {
    expect(widgets().flatMap(({ properties }) => properties.title ?? [])).toStrictEqual([
      'Messages that came in',
      'Messages that went out, and credits',
      'Time by phase, for each invocation (ms)',
      'Synthetic payments: time from the first message to the last answer (ms), and how many',
      'Waiting in queues, and the age of the oldest incoming message (s)',
      'Age of the oldest change that is not published, and not credited (ms); credits that a sweep made, and the oldest that it could not make (s)',
      'Refused and dead messages',
      'Lost races for each commit, and messages that went back',
      'Errors and throttles of functions',
      'Sweeps: items read, due and failed',
      'Units of the tables',
      'Estimated cost',
    ]);
  });

  it('draws only metrics that the functions report, and those of its own stack', () => {
    const drawn = metricsOf('SwaptacularAccounts');
    expect(drawn.length).toBeGreaterThan(50);
    expect(drawn.filter(([, name]) => !isReported(String(name)))).toStrictEqual([]);
    expect(drawn.filter((metric) => metric[metric.indexOf('stack') + 1] !== 'Second')).toStrictEqual([]);
  });

  it('has a line for each type of message', () => {
    expect([...INCOMING_TYPES].sort()).toStrictEqual(Object.keys(INCOMING_MESSAGE_SCHEMAS).sort());
    expect([...OUTGOING_TYPES].sort()).toStrictEqual(Object.keys(OUTGOING_MESSAGE_SCHEMAS).sort());
  });

  it('counts with the prices of the price list', () => {
    const prices = Object.entries(PRICES).map(
      ([name, { dollars, per }]) => [name, (dollars / per) * 1e6] as const,
    );
    const used = new Map<string, number>(prices);
    for (const [name, price] of Object.entries(MILLION_PRICES)) {
      expect(price, name).toBeCloseTo(used.get(name) ?? Number.NaN, 9);
    }
    const expressions = widgets().flatMap(({ properties }) =>
      (properties.metrics ?? []).flatMap(([first]) => (first as { expression?: string }).expression ?? []),
    );
    expect(expressions).toContain(
      '(writes * 0.625 + reads * 0.125 + invocations * 0.2 + milliseconds / 1000 * 13.3334 + queuecalls * 0.4 + topiccalls * 0.5) / 1000000 * 3600 / 300',
    );
  });
});
