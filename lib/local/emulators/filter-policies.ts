/**
 * Filter policies as SNS reads them. SNS compares a number only with attributes of the type Number. fauxqs also takes the
 * text of a String attribute for a number, so a subscription would get messages locally and none in the cloud.
 */

import type { BuildAppOptions } from 'fauxqs';

type Subscriptions = NonNullable<BuildAppOptions['stores']>['snsStore']['subscriptions'];
type Subscription = Parameters<Subscriptions['set']>[1];

/** Matches nothing: fauxqs knows no such comparison. */
const NEVER = {};

/**
 * The subscriptions of fauxqs, with policies that compare no number with an attribute. All attributes that the authority
 * publishes are strings, so SNS would not compare one either. Numbers in bodies are compared as before.
 */
export class StrictSubscriptions extends Map<string, Subscription> {
  override set(arn: string, subscription: Subscription): this {
    let [text, policy]: [string | undefined, Subscription['parsedFilterPolicy']] = [undefined, undefined];
    // fauxqs reads the policy here when a message is published, and deletes it when the attributes have changed.
    Object.defineProperty(subscription, 'parsedFilterPolicy', {
      get: () => {
        const { FilterPolicy = '{}', FilterPolicyScope } = subscription.attributes;
        const key = `${FilterPolicyScope} ${FilterPolicy}`;
        if (key !== text) {
          const parsed = JSON.parse(FilterPolicy);
          [text, policy] = [key, FilterPolicyScope === 'MessageBody' ? parsed : withoutNumbers(parsed)];
        }
        return policy;
      },
      set: () => {},
    });
    return super.set(arn, subscription);
  }
}

/** The policy as far as a string can match it. */
function withoutNumbers(policy: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(policy).map(([name, value]) => {
      const values = Array.isArray(value) ? value : [value];
      return [name, values.map(name === '$or' ? withoutNumbers : asStringCondition)];
    }),
  );
}

function asStringCondition(condition: unknown): unknown {
  if (typeof condition === 'number') {
    return NEVER;
  }
  if (typeof condition !== 'object' || condition === null) {
    return condition;
  }
  if ('anything-but' in condition) {
    const excluded = [condition['anything-but']].flat();
    return {
      'anything-but': excluded.some(isNumber)
        ? excluded.filter((each) => !isNumber(each))
        : condition['anything-but'],
    };
  }
  return 'numeric' in condition ? NEVER : condition;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}
