/** One case of the core's benchmark. Each call handles many messages, so that the clock's own time does not count. */

import { test } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** How many messages one measured call handles; times are reported for each of them. */
    messageCount?: number;
  }
}

/** About so many messages a call. */
export const SAMPLE_SIZE = 100;

const DURATION_MS = 500;
const WARM_UP_MS = 250;

/** Where results go, lest V8 find out that nobody wants them. */
export const sink: { result: unknown } = { result: undefined };

/** Measures `handle` with one of `inputs` after the other; each of them stands for `messagesInEach` messages. */
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
