/** What the simulation takes from the stack is what the stack says. */

import { describe, expect, it } from 'vitest';
import { FUNCTION_TIMEOUTS as STACK_TIMEOUTS } from '../../../lib/infrastructure/functions.ts';
import { propertiesOf, synthesize } from '../../infrastructure/template.ts';
import { SECOND } from '../scheduler.ts';
import { timeoutOf } from './invocation.ts';
import { CREDIT_PATTERN, TRANSFER_EVENTS_PATTERN } from './stream-filters.ts';

interface Mapping {
  readonly FilterCriteria?: { readonly Filters: readonly { readonly Pattern: string }[] };
}

describe('The simulated stack', () => {
  it('has the filters of the real one', () => {
    const mappings = propertiesOf(synthesize({}), 'AWS::Lambda::EventSourceMapping');
    const patterns = (Object.values(mappings) as Mapping[]).flatMap(({ FilterCriteria }) =>
      (FilterCriteria?.Filters ?? []).map(({ Pattern }) => Pattern),
    );
    expect(patterns.sort()).toStrictEqual([CREDIT_PATTERN, TRANSFER_EVENTS_PATTERN].sort());
  });

  it.each([
    ['incoming', 'process-messages'],
    ['credit', 'credit-recipients'],
    ['publish-Accounts', 'publish-events'],
    ['chores', 'run-chores'],
    ['sweep-accounts', 'sweep-accounts'],
    ['start-transfers', 'sweep-transfers'],
    ['again', 'publish-again'],
  ] as const)('gives %s the time of the function %s', (name, functionName) => {
    expect(timeoutOf(name)).toBe(STACK_TIMEOUTS[functionName] * SECOND);
  });
});
