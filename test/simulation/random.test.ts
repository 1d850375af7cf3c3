import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';

describe('Random', () => {
  it('gives the same numbers for the same seed, on every machine', () => {
    const random = new Random('1');
    expect([random.uint32(), random.uint32(), random.uint32()]).toStrictEqual([
      983679987, 3895030901, 4213219289,
    ]);
  });

  it('gives a fork numbers of its own, whatever was drawn before', () => {
    const [fresh, used] = [new Random('1'), new Random('1')];
    used.uint32();
    expect(used.fork('part').uint32()).toBe(fresh.fork('part').uint32());
    expect(fresh.fork('part').uint32()).not.toBe(fresh.fork('other').uint32());
  });

  it('stays within bounds that are both included', () => {
    const random = new Random('bounds');
    const drawn = Array.from({ length: 2_000 }, () => random.between(-1, 2));
    expect([...new Set(drawn)].sort((a, b) => a - b)).toStrictEqual([-1, 0, 1, 2]);
  });

  it('strikes about as often as the probability says', () => {
    const random = new Random('chance');
    const hits = Array.from({ length: 10_000 }, () => random.chance(0.25)).filter((isHit) => isHit);
    expect(hits.length).toBeGreaterThan(2_200);
    expect(hits.length).toBeLessThan(2_800);
    expect(random.chance(0)).toBe(false);
  });
});
