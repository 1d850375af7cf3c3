import { describe, expect, it } from 'vitest';
import { outputsByStack, withPeers } from '../../../lib/local/stack/peer-templates.ts';
import { UnsupportedTemplateError } from '../../../lib/local/stack/template.ts';

const MAIN = {
  stackName: 'Main',
  template: {
    Resources: { Work: { Type: 'Function' } },
    Outputs: { WorkName: { Value: { Ref: 'Work' }, Export: { Name: 'Main-work' } } },
  },
};

const peer = (stackName: string, imported = 'Main-work') => ({
  stackName,
  template: {
    Resources: {
      Queue: { Type: 'Queue' },
      Mapping: {
        Type: 'Mapping',
        Properties: {
          From: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          To: { 'Fn::ImportValue': imported },
          In: ['x', { Ref: 'Queue' }, { Ref: 'AWS::Region' }],
        },
      },
    },
    Outputs: { QueueUrl: { Value: { Ref: 'Queue' } } },
  },
});

describe('The stacks of peers', () => {
  it('become part of the main one under names of their own, and find what it exports', () => {
    const merged = withPeers(MAIN, [peer('Main-peer-01'), peer('Main-peer-02')]);
    const mapping = (name: string) => ({
      Type: 'Mapping',
      Properties: {
        From: { 'Fn::GetAtt': [`${name}Queue`, 'Arn'] },
        To: { Ref: 'Work' },
        In: ['x', { Ref: `${name}Queue` }, { Ref: 'AWS::Region' }],
      },
    });
    expect(merged).toStrictEqual({
      Resources: {
        Work: { Type: 'Function' },
        peer01Queue: { Type: 'Queue' },
        peer01Mapping: mapping('peer01'),
        peer02Queue: { Type: 'Queue' },
        peer02Mapping: mapping('peer02'),
      },
      Outputs: {
        ...MAIN.template.Outputs,
        peer01QueueUrl: { Value: { Ref: 'peer01Queue' } },
        peer02QueueUrl: { Value: { Ref: 'peer02Queue' } },
      },
    });
  });

  it('have their outputs apart again, as when they are deployed', () => {
    const outputs = { QueueUrl: 'a', peer01QueueUrl: 'b', peer0102QueueUrl: 'c', Endpoint: 'd' };
    expect(outputsByStack(outputs, ['Main', 'Main-peer-01', 'Main-peer-0102'])).toStrictEqual({
      Main: { QueueUrl: 'a', Endpoint: 'd' },
      'Main-peer-01': { QueueUrl: 'b' },
      'Main-peer-0102': { QueueUrl: 'c' },
    });
  });

  it('change nothing when there are none', () => {
    expect(withPeers(MAIN, [])).toStrictEqual(MAIN.template);
  });

  it('are refused when they import what nobody exports', () => {
    expect(() => withPeers(MAIN, [peer('Main-peer-01', 'Main-other')])).toThrow(UnsupportedTemplateError);
  });
});
