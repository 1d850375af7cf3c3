import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fillIn, readExamples } from '../../../lib/local/demo/examples.ts';

describe('Example messages', () => {
  it('are read in the order of their numbers, and begin a round with each first digit', () => {
    const folder = mkdtempSync(join(tmpdir(), 'examples-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const name of ['21-c.json', '12-b.json', '11-a.json', 'README.md', '3-not-numbered-fully.json']) {
      writeFileSync(join(folder, name), name);
    }
    expect(readExamples(folder)).toStrictEqual([
      {
        messages: [
          { number: '11', template: '11-a.json' },
          { number: '12', template: '12-b.json' },
        ],
      },
      { messages: [{ number: '21', template: '21-c.json' }] },
    ]);
  });

  it('keep every number as it is written when their placeholders are filled in', () => {
    const values = { now: '2027-01-02T03:04:05Z', transferIdOf: () => 9_223_372_036_854_775_807n };
    expect(
      fillIn('{"ts": "{{now}}", "transfer_id": "{{transfer_id of 11}}", "n": 9007199254740993}', values),
    ).toBe('{"ts": "2027-01-02T03:04:05Z", "transfer_id": 9223372036854775807, "n": 9007199254740993}');
  });

  it.each(['{"x": "{{transfer_id of 99}}"}', '{"x": "{{nonsense}}"}'])(
    'with a placeholder that stands for nothing are refused: %s',
    (template) => {
      const values = { now: '2027-01-02T03:04:05Z', transferIdOf: () => undefined };
      expect(() => fillIn(template, values)).toThrow('has no value.');
    },
  );
});
