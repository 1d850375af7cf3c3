/** One case of the core benchmark. Each call handles many messages, so that the clock's own cost is negligible. */

import { test } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** How many messages one measured call handles; times are reported for each of them. */
    messageCount?: number;
  }
}

/** The approximate number of messages per call. */
export const SAMPLE_SIZE = 100;

const DURATION_MS = 500;
const WARM_UP_MS = 250;

/** Keeps results, so that V8 can't optimize their computation away. */
export const sink: { result: unknown } = { result: undefined };

/** Measures `handle` with each of `inputs` in turn; each input stands for `messagesInEach` messages. */
export function measureCase<Input>(
  name: string,
  inputs: readonly Input[],
  handle: (input: Input) => unknown,
  messagesInEach = 1,
): void {
  test(name, { meta: { messageCount: inputs.length * messagesInEach } }, async ({ bench }) => {
    const handleAll = () => {
      for (const input of inputs) {
        sink.result = handle(input);
      }
    };
    await bench(name, handleAll).run({ time: DURATION_MS, warmupTime: WARM_UP_MS });
  });
}
