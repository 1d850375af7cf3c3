import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MUTATIONS } from './mutations.ts';

const ROOT = join(import.meta.dirname, '..', '..');

describe('The list of mutations', () => {
  it('breaks the guarantees in at least 70 ways, each with a name of its own', () => {
    expect(MUTATIONS.length).toBeGreaterThanOrEqual(70);
    expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length);
  });

  it.each(MUTATIONS)('finds the text to replace exactly once: $name', ({ file, oldText }) => {
    expect(readFileSync(join(ROOT, file), 'utf8').split(oldText).length - 1).toBe(1);
  });
});
