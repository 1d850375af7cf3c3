import { describe, expect, it } from 'vitest';
import { parseBatch } from '../../../lib/local/emulators/publish-batches.ts';

/** A request's parameters, each with the beginning that all parameters of entries share. */
function parameters(entries: Readonly<Record<string, string>>): Record<string, string> {
  const named = Object.entries(entries).map(([name, value]) => [
    `PublishBatchRequestEntries.member.${name}`,
    value,
  ]);
  return { Action: 'PublishBatch', TopicArn: 'arn:t', Version: '2010-03-31', ...Object.fromEntries(named) };
}

const ONE = { '1.Id': '0', '1.Message': '{"a":1}' };

describe('A batch to publish', () => {
  it('has entries in order, each with its own attributes', () => {
    const request = parameters({
      ...ONE,
      '1.MessageAttributes.entry.1.Name': 'type',
      '1.MessageAttributes.entry.1.Value.DataType': 'String',
      '1.MessageAttributes.entry.1.Value.StringValue': 'PreparedTransfer',
      '1.MessageAttributes.entry.2.Name': 'debtor_id',
      '1.MessageAttributes.entry.2.Value.DataType': 'String',
      '1.MessageAttributes.entry.2.Value.StringValue': '-7',
      '2.Id': '1',
      '2.Message': 'second',
    });
    expect(parseBatch(request)).toStrictEqual([
      {
        id: '0',
        message: '{"a":1}',
        messageAttributes: {
          type: { DataType: 'String', StringValue: 'PreparedTransfer' },
          debtor_id: { DataType: 'String', StringValue: '-7' },
        },
      },
      { id: '1', message: 'second', messageAttributes: {} },
    ]);
  });

  const attribute = {
    '1.MessageAttributes.entry.1.Name': 'a',
    '1.MessageAttributes.entry.1.Value.DataType': 'String',
  };
  it.each<[string, Readonly<Record<string, string>>]>([
    ['no entries', {}],
    ['an entry without an ID', { '1.Message': 'm' }],
    ['an ID that SNS refuses', { ...ONE, '1.Id': 'a b' }],
    ['the same ID twice', { ...ONE, '2.Id': '0', '2.Message': 'm' }],
    ['an empty message', { ...ONE, '1.Message': '' }],
    ['a large message', { ...ONE, '1.Message': 'm'.repeat(60_000) }],
    ['a subject', { ...ONE, '1.Subject': 's' }],
    ['an attribute without a value', { ...ONE, ...attribute }],
    ['a binary attribute', { ...ONE, ...attribute, '1.MessageAttributes.entry.1.Value.BinaryValue': 'AA==' }],
    [
      'eleven entries',
      Object.fromEntries(
        Array.from({ length: 11 }, (_, index) => [
          [`${index}.Id`, `${index}`],
          [`${index}.Message`, 'm'],
        ]).flat(),
      ),
    ],
  ])('is left to fauxqs when it has %s', (_, entries) => {
    expect(parseBatch(parameters(entries))).toBeUndefined();
  });
});
