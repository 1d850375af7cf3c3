import { describe, expect, it } from 'vitest';
import { parseIdentity } from '../../lib/peers/identity.ts';

describe('The secret of the server certificate', () => {
  it('holds certificate and key', () => {
    expect(parseIdentity('{"certificate":"c","key":"k","more":1}')).toStrictEqual({
      certificate: 'c',
      key: 'k',
    });
  });

  it.each(['', 'top secret', 'null', '{"certificate":"top secret"}', '{"certificate":1,"key":"top secret"}'])(
    'of another form is refused, and not repeated (%j)',
    (text) => {
      expect(() => parseIdentity(text)).toThrow(
        new Error(
          'The secret of the server certificate must be {"certificate": "…", "key": "…"}, both in PEM.',
        ),
      );
    },
  );
});
