import { expect, it } from 'vitest';
import { wrap } from '../../../lib/local/demo/wrapped-text.ts';

it.each([
  ['a text that fits', 'one two', 10, 'one two'],
  ['a long text', 'one two three', 7, 'one two\nthree'],
  ['each line by itself', 'one two\nthree four', 9, 'one two\nthree\nfour'],
  ['an indented text, which stays indented', '  one two three', 9, '  one two\n  three'],
  ['a word that is too long, which stays whole', 'a internationalization b', 5, 'a\ninternationalization\nb'],
])('Wrapping keeps lines within the width: %s', (_case, text, width, wrapped) => {
  expect(wrap(text, width)).toBe(wrapped);
});
