/**
 * What AWS may do to a function, done on purpose: it ends in the middle of an invocation, gets a batch twice, or gets the
 * messages of a batch in another order. For people who want to see that none of this does harm.
 */

import type { LocalFunction } from './local-function.ts';

export interface Faults {
  /** The functions, by their names, exposed to the faults. */
  readonly watchAll: (functions: ReadonlyMap<string, LocalFunction>) => ReadonlyMap<string, LocalFunction>;
  /** Kills an invocation, of any function: the next one that begins, or a later one if that ends too soon. */
  readonly killNext: () => void;
  /** Delivers the next batch twice, to whichever function it goes. */
  readonly repeatNext: () => void;
  /** For so many milliseconds, invocations of the function with this label do not begin. */
  readonly hold: (label: string, ms: number) => void;
  /** From now on, kills every third invocation of each function, delivers every third twice, and mixes the order of messages. */
  readonly startStorm: () => void;
  readonly counts: () => FaultCounts;
}

export interface FaultCounts {
  /** Invocations that ended in their middle. */
  readonly killed: number;
  /** Batches that were delivered twice. */
  readonly repeated: number;
}

/** The storm takes each in turn, beginning with the first invocation of a function. */
const STORM = ['kill', 'repeat', 'none'] as const;
type Fault = (typeof STORM)[number];

/** How long an invocation is thought to take before one was seen. */
const GUESSED_MS = 20;

export interface FaultsOptions {
  /** 0 ≤ x < 1. */
  readonly random?: () => number;
  /** Called when a fault has come over a function, with a sentence for people that lacks the function's name. */
  readonly onFault?: (label: string, sentence: string) => void;
}

export function createFaults({ random = Math.random, onFault = () => {} }: FaultsOptions = {}): Faults {
  const counts = { killed: 0, repeated: 0 };
  const once: Fault[] = [];
  const holds = new Map<string, number>();
  let isStormy = false;
  const watch = (target: LocalFunction): LocalFunction => {
    let [invocationCount, lastMs] = [0, GUESSED_MS];
    const invoke = async (event: string) => {
      const startedAt = performance.now();
      const result = await target.invoke(event);
      lastMs = performance.now() - startedAt;
      return result;
    };
    const invokeAndKill = async (event: string, onMissed: () => void) => {
      let killedCount = 0;
      // At an instant that one can't foresee, but while it most likely works.
      const timer = setTimeout(
        () => {
          killedCount = target.kill();
          counts.killed += killedCount;
          if (killedCount > 0) {
            onFault(target.label, 'was killed on purpose; its work comes again.');
          }
        },
        (random() * lastMs) / 2,
      );
      const result = await invoke(event);
      clearTimeout(timer);
      if (killedCount === 0) {
        onMissed();
      }
      return result;
    };
    return {
      ...target,
      invoke: async (original) => {
        await until(holds.get(target.label) ?? 0);
        const asked = once.shift();
        const fault = asked ?? (isStormy ? (STORM[invocationCount++ % STORM.length] as Fault) : 'none');
        const event = isStormy ? mixed(original, random) : original;
        if (fault === 'kill') {
          // Whoever asked for a kill gets one, though this invocation was quicker.
          return invokeAndKill(event, () => asked !== undefined && once.unshift('kill'));
        }
        const result = await invoke(event);
        if (fault === 'repeat' && result.kind === 'returned') {
          counts.repeated += 1;
          onFault(target.label, 'gets its batch a second time, on purpose.');
          return invoke(event);
        }
        return result;
      },
    };
  };
  return {
    watchAll: (functions) => new Map(Array.from(functions, ([name, target]) => [name, watch(target)])),
    killNext: () => void once.push('kill'),
    repeatNext: () => void once.push('repeat'),
    hold: (label, ms) => void holds.set(label, performance.now() + ms),
    startStorm: () => {
      isStormy = true;
    },
    counts: () => ({ ...counts }),
  };
}

/** Resolves at this instant of `performance.now`. */
async function until(instant: number): Promise<void> {
  const ms = instant - performance.now();
  if (ms > 0) {
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
}

/** The event with the messages of a queue in another order. Records of a stream keep theirs, as on AWS. */
function mixed(event: string, random: () => number): string {
  const { Records, ...rest } = JSON.parse(event);
  if (!Array.isArray(Records) || Records[0]?.eventSource !== 'aws:sqs') {
    return event;
  }
  const shuffled = Records.map((record) => ({ record, place: random() })).sort((a, b) => a.place - b.place);
  return JSON.stringify({ ...rest, Records: shuffled.map(({ record }) => record) });
}
