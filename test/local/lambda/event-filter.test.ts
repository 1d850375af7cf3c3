import { describe, expect, it } from 'vitest';
import { InvalidPatternError, parseEventFilter } from '../../../lib/local/lambda/event-filter.ts';

const EVENT = {
  eventName: 'MODIFY',
  dynamodb: {
    NewImage: { status: { S: 'committed' }, tags: { SS: ['red', 'blue'] } },
    SizeBytes: 120,
    empty: null,
  },
};

function matches(...patterns: object[]): boolean {
  return parseEventFilter(patterns.map((pattern) => JSON.stringify(pattern)))(EVENT);
}

describe('An event filter', () => {
  it('lets everything through when there are no patterns', () => {
    expect(matches()).toBe(true);
  });

  it.each<[string, object, boolean]>([
    ['one of the values', { eventName: ['INSERT', 'MODIFY'] }, true],
    ['none of the values', { eventName: ['INSERT', 'REMOVE'] }, false],
    ['a nested value', { dynamodb: { NewImage: { status: { S: ['committed'] } } } }, true],
    ['another nested value', { dynamodb: { NewImage: { status: { S: ['prepared'] } } } }, false],
    ['a field that is not there', { dynamodb: { OldImage: { status: { S: ['committed'] } } } }, false],
    ['all fields', { eventName: ['MODIFY'], dynamodb: { SizeBytes: [120] } }, true],
    ['not all fields', { eventName: ['MODIFY'], dynamodb: { SizeBytes: [121] } }, false],
    ['an item of a list', { dynamodb: { NewImage: { tags: { SS: ['blue', 'green'] } } } }, true],
    ['null', { dynamodb: { empty: [null] } }, true],
    ['null where there is nothing', { dynamodb: { nothing: [null] } }, false],
    ['a number as text', { dynamodb: { SizeBytes: ['120'] } }, false],
    ['a field that exists', { dynamodb: { NewImage: { status: [{ exists: true }] } } }, true],
    ['a field that must not exist', { dynamodb: { NewImage: { status: [{ exists: false }] } } }, false],
    ['no such field', { dynamodb: { OldImage: [{ exists: false }] } }, true],
    ['a prefix', { eventName: [{ prefix: 'MOD' }] }, true],
    ['another prefix', { eventName: [{ prefix: 'mod' }] }, false],
    ['a suffix', { eventName: [{ suffix: 'IFY' }] }, true],
    ['any case', { eventName: [{ 'equals-ignore-case': 'modify' }] }, true],
    ['anything but another value', { eventName: [{ 'anything-but': 'REMOVE' }] }, true],
    ['anything but this value', { eventName: [{ 'anything-but': ['REMOVE', 'MODIFY'] }] }, false],
    ['anything but this prefix', { eventName: [{ 'anything-but': { prefix: 'MO' } }] }, false],
    ['anything but, where there is nothing', { nothing: [{ 'anything-but': 'x' }] }, false],
    ['a range', { dynamodb: { SizeBytes: [{ numeric: ['>', 100, '<=', 120] }] } }, true],
    ['another range', { dynamodb: { SizeBytes: [{ numeric: ['>=', 121] }] } }, false],
    ['an equal number', { dynamodb: { SizeBytes: [{ numeric: ['=', 120] }] } }, true],
    ['a text as number', { eventName: [{ numeric: ['>', 0] }] }, false],
    ['one of an operator and a value', { eventName: [{ prefix: 'X' }, 'MODIFY'] }, true],
  ])('compares with %s', (_case, pattern, expected) => {
    expect(matches(pattern)).toBe(expected);
  });

  it('lets through what matches any of several patterns', () => {
    expect(matches({ eventName: ['INSERT'] }, { eventName: ['MODIFY'] })).toBe(true);
    expect(matches({ eventName: ['INSERT'] }, { eventName: ['REMOVE'] })).toBe(false);
  });

  it.each<[string, object]>([
    ['an unknown operator', { eventName: [{ wildcard: 'M*' }] }],
    ['two operators at once', { eventName: [{ prefix: 'M', suffix: 'Y' }] }],
    ['an operator on fields', { $or: [{ eventName: ['MODIFY'] }] }],
    ['a value outside of a list', { eventName: 'MODIFY' }],
    ['a prefix that is no text', { eventName: [{ prefix: 1 }] }],
    ['an unknown comparison', { dynamodb: { SizeBytes: [{ numeric: ['!=', 1] }] } }],
    ['half a comparison', { dynamodb: { SizeBytes: [{ numeric: ['>'] }] } }],
  ])('refuses %s', (_case, pattern) => {
    expect(() => matches(pattern)).toThrow(InvalidPatternError);
  });
});
