import { describe, expect, it } from 'vitest';
import { Stack, UnsupportedTemplateError } from '../../../lib/local/stack/template.ts';

describe('Template references', () => {
  const stack = new Stack('Bank', { Resources: {} });
  stack.define('Vault', { Ref: 'http://vault', Arn: 'arn:vault' });
  stack.define('Vault', { QueueName: 'vault' });

  it('give what is known of a resource', () => {
    expect(
      stack.resolve({
        url: { Ref: 'Vault' },
        arn: { 'Fn::GetAtt': ['Vault', 'Arn'] },
        name: { 'Fn::GetAtt': 'Vault.QueueName' },
      }),
    ).toStrictEqual({ url: 'http://vault', arn: 'arn:vault', name: 'vault' });
  });

  it('give what is known of the stack and its surroundings', () => {
    expect(
      stack.resolve([
        { Ref: 'AWS::StackName' },
        { Ref: 'AWS::Region' },
        { Ref: 'AWS::AccountId' },
        { Ref: 'AWS::Partition' },
        { Ref: 'AWS::URLSuffix' },
      ]),
    ).toStrictEqual(['Bank', 'us-east-1', '000000000000', 'aws', 'amazonaws.com']);
  });

  it('are joined inside of lists', () => {
    expect(
      stack.resolve({
        'Fn::Join': [':', ['a', { Ref: 'AWS::Partition' }, { 'Fn::Join': ['', ['b', 'c']] }]],
      }),
    ).toBe('a:aws:bc');
  });

  it('leave out what has no value', () => {
    expect(stack.resolve({ a: { Ref: 'AWS::NoValue' }, b: [1, { Ref: 'AWS::NoValue' }] })).toStrictEqual({
      b: [1],
    });
  });

  it('leave plain values as they are', () => {
    expect(stack.resolve({ a: null, b: false, c: { Ref: 'AWS::Region', d: 1 } })).toStrictEqual({
      a: null,
      b: false,
      c: { Ref: 'AWS::Region', d: 1 },
    });
  });

  it.each([
    ['to an unknown resource', { Ref: 'Nobody' }, 'The local run knows no reference to Nobody.'],
    [
      'to an unknown attribute',
      { 'Fn::GetAtt': ['Vault', 'Color'] },
      'The local run knows no Color of Vault.',
    ],
    ['by an unknown function', { 'Fn::Select': [0, ['a']] }, 'The local run does not know Fn::Select.'],
    ['by a malformed join', { 'Fn::Join': 'a' }, 'Not a list: "a".'],
  ])('%s are refused', (_case, value, message) => {
    expect(() => stack.resolve(value)).toThrow(new UnsupportedTemplateError(message));
  });
});

describe('Resources', () => {
  it('are found by their type, in the order of the template', () => {
    const Resources = {
      B: { Type: 'Queue' },
      A: { Type: 'Topic' },
      C: { Type: 'Queue', Properties: { a: 1 } },
    };
    expect(new Stack('Bank', { Resources }).resources('Queue')).toStrictEqual([
      ['B', {}],
      ['C', { a: 1 }],
    ]);
  });
});
