/** Tools are named as they were called. */

import { describe, expect, it } from 'vitest';
import { asVerbs, verbOutput } from '../../lib/operations/called-as.ts';

const VERBS = ['audit', 'pause', 'drain'];

describe('a text for whoever calls swpt', () => {
  it('names verbs with their arguments, and other npm scripts as they are', () => {
    expect(asVerbs('npm run audit -- --json', VERBS)).toBe('swpt audit --json');
    expect(asVerbs('after npm run pause or npm run drain: …', VERBS)).toBe(
      'after swpt pause or swpt drain: …',
    );
    expect(asVerbs('npm run deploy -- --dry-run', VERBS)).toBe('npm run deploy -- --dry-run');
  });

  it('is its help and its messages, but no result, which may quote a client', () => {
    const lines: string[] = [];
    const add = (line: string): void => void lines.push(line);
    const output = { print: add, tell: add, isTerminal: false };
    verbOutput(output, { verbs: VERBS, isHelp: true }).print('npm run audit');
    verbOutput(output, { verbs: VERBS, isHelp: false }).tell('npm run audit');
    verbOutput(output, { verbs: VERBS, isHelp: false }).print('npm run audit');
    expect(lines).toStrictEqual(['swpt audit', 'swpt audit', 'npm run audit']);
  });
});
