/** The mutations still name text that is in the library, exactly once. */

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MUTATIONS } from './mutations.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

describe('a mutation of the library', () => {
  it.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))(
    '%s',
    (_name, { file, oldText }) => {
      expect(readFileSync(join(ROOT, file), 'utf8').split(oldText)).toHaveLength(2);
    },
  );
});
