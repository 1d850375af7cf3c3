/** The parts of lib/ whose unit tests are judged, and the tests that judge each. */

export interface Part {
  readonly name: string;
  /** Patterns of the test files: those that need neither emulators nor ports, and give the same result each time. */
  readonly tests: readonly string[];
}

/** Each part has only the tests of its own folder to answer for it, so that a rule's test stands beside the rule's others. */
export const PARTS: readonly Part[] = [
  { name: 'protocol', tests: ['test/protocol/*.test.ts'] },
  { name: 'rules', tests: ['test/rules/*.test.ts'] },
  { name: 'storage', tests: ['test/storage/*.test.ts'] },
  { name: 'shell', tests: ['test/shell/*.test.ts', '!test/shell/poison-in-streams.test.ts'] },
];

/** Names the variable that tells the process in which tests run which ones these are. */
export const TESTS_VARIABLE = 'MUTATION_TESTS';

/** @param target `rules`, `lib/rules` or a file in it */
export function partOf(target: string): Part | undefined {
  return PARTS.find(({ name }) => target === name || `${target}/`.startsWith(`lib/${name}/`));
}

/** Where the results of swapping fields are kept. */
export function swapsFile({ name }: Part): string {
  return `.mutation/${name}-swaps.json`;
}

/** Where Stryker keeps what it has found. */
export function reportFile({ name }: Part): string {
  return `.mutation/${name}.json`;
}
