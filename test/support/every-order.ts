/** Runs something once for every combination of its choices: depth first, starting again each time. */

export interface Choices {
  /** One of `count` possibilities, as a number from 0. */
  readonly next: (count: number) => number;
}

/** @returns how many combinations there were */
export async function everyOrder(run: (choices: Choices) => Promise<void>): Promise<number> {
  /** The choices of the last run: the possibility taken, and the number of possibilities. */
  let path: { taken: number; readonly count: number }[] = [];
  for (let runs = 1; ; runs += 1) {
    const known = path;
    path = [];
    await run({
      next: (count) => {
        const taken = known[path.length]?.taken ?? 0;
        path.push({ taken, count });
        return taken;
      },
    }).catch((error: unknown) => {
      throw new Error(`With the choices ${path.map(({ taken }) => taken).join(' ')}:`, { cause: error });
    });
    while (path.length > 0 && (path.at(-1)?.taken ?? 0) + 1 >= (path.at(-1)?.count ?? 0)) {
      path.pop();
    }
    const last = path.at(-1);
    if (last === undefined) {
      return runs;
    }
    last.taken += 1;
  }
}
