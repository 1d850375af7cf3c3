import { describe, expect, it } from 'vitest';
import { printEvent } from '../../lib/local/printed-events.ts';

const NOW = Date.UTC(2027, 0, 15, 8, 0, 0, 7);

function print(body: string, topicName = 'SwaptacularAccounts-ToCreditorsBE7BA258'): string {
  return printEvent({ kind: 'out', topicName, body }, NOW);
}

describe('An outgoing message', () => {
  it('is one line, with what is not zero or empty in it, and numbers of any size as they are', () => {
    expect(
      print(
        '{"type":"AccountUpdate","debtor_id":-9223372036854775808,"creditor_id":4294967296,' +
          '"ts":"2027-01-15T08:00:00+00:00","principal":9223372036854775807,"interest":0.0,"interest_rate":-1.5,' +
          '"last_config_seqnum":0,"config_data":"","debtor_info_iri":"https://example.com/info",' +
          '"ttl":604800,"last_transfer_committed_at":"2027-01-15T07:59:59+00:00"}',
      ),
    ).toBe(
      '08:00:00.007 ← to_creditors AccountUpdate debtor -9223372036854775808 creditor 4294967296 ' +
        'principal=9223372036854775807 interest_rate=-1.5 debtor_info_iri=https://example.com/info',
    );
  });

  it('shows texts that are not plain words in quotes', () => {
    expect(
      print('{"type":"AccountTransfer","debtor_id":1,"creditor_id":2,"transfer_note":"two\\nlines"}'),
    ).toBe('08:00:00.007 ← to_creditors AccountTransfer debtor 1 creditor 2 transfer_note="two\\nlines"');
  });

  it('ends with its account when there is nothing else to tell', () => {
    expect(print('{"type":"AccountPurge","debtor_id":1,"creditor_id":0}', 'x-ToDebtors1')).toBe(
      '08:00:00.007 ← to_debtors AccountPurge debtor 1 creditor 0',
    );
  });

  it('is shown as it is when it is not one of the protocol', () => {
    expect(print('hello', 'Other')).toBe('08:00:00.007 ← Other hello');
    expect(print('17', 'Other')).toBe('08:00:00.007 ← Other 17');
  });

  it('is clipped to one line of a bearable length', () => {
    expect(print(`two\nlines ${'x'.repeat(2_000)}`, 'Other')).toBe(
      `08:00:00.007 ← Other two lines ${'x'.repeat(990)} …`,
    );
  });
});

describe('Any other event', () => {
  it.each([
    [
      {
        kind: 'in',
        messageId: 'm1',
        body: '{"type":"FinalizeTransfer","debtor_id":1,"creditor_id":2,"transfer_id":7}',
      },
      '→ FinalizeTransfer debtor 1 creditor 2 transfer_id=7',
    ],
    [{ kind: 'in', messageId: 'm1', body: 'hello' }, '→ hello'],
    [
      {
        kind: 'dead',
        body: '{"type":"ConfigureAccount","debtor_id":"one"}',
        reason: 'debtor_id: must be an integer',
      },
      '✗ dead letter: debtor_id: must be an integer in ConfigureAccount debtor one creditor undefined',
    ],
    [
      {
        kind: 'ignored',
        messageId: 'm1',
        type: 'FinalizeTransfer',
        account: '1:2',
        reason: 'there is no such transfer',
      },
      '✗ ignored FinalizeTransfer of 1:2: there is no such transfer',
    ],
    [
      { kind: 'warning', functionLabel: 'process-messages', sentence: 'Messages wait.' },
      '✗ process-messages: Messages wait.',
    ],
    [
      { kind: 'fault', functionLabel: 'process-messages', sentence: 'was killed on purpose.' },
      '✗ process-messages was killed on purpose.',
    ],
  ] as const)('%j is a line', (event, words) => {
    expect(printEvent(event, NOW)).toBe(`08:00:00.007 ${words}`);
  });
});
