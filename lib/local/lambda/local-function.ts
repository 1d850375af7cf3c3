/**
 * Runs a function as Lambda does: several invocations at once, each in an environment of its own, which is kept for the
 * next one. The invokers make the events and decide what follows from a failure.
 */

import {
  createEnvironment,
  type EnvironmentDefinition,
  type ExecutionEnvironment,
} from './execution-environment.ts';
import type { InvocationResult } from './invocation-outcome.ts';

/** Invokes a function with an event in JSON. Never throws; waits while all environments are busy. */
export type Invoke = (event: string) => Promise<InvocationResult>;

export interface FunctionDefinition extends EnvironmentDefinition {
  /** Names the function in what people read. */
  readonly label: string;
  /** How many invocations may run at once. */
  readonly maxEnvironments: number;
}

export interface LocalFunction {
  readonly label: string;
  readonly arn: string;
  /** The variables of its environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly invoke: Invoke;
  /** Kills the invocations that are running. @returns how many */
  readonly kill: () => number;
  /** Ends all environments, even during an invocation. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the function with one environment; the others are started when they are needed.
 * @throws when the handler can't be loaded
 */
export async function startFunction(definition: FunctionDefinition): Promise<LocalFunction> {
  const environments = Array.from({ length: definition.maxEnvironments }, () =>
    createEnvironment(definition),
  );
  await environments[0]?.load();
  // The one used last is used first, so that those which are never needed are not loaded.
  const idle = environments.toReversed();
  const waiting: ((environment: ExecutionEnvironment) => void)[] = [];
  const acquire = async () => idle.pop() ?? new Promise<ExecutionEnvironment>((give) => waiting.push(give));
  const release = (environment: ExecutionEnvironment) => {
    const give = waiting.shift();
    if (give === undefined) {
      idle.push(environment);
    } else {
      give(environment);
    }
  };
  return {
    label: definition.label,
    arn: definition.functionArn,
    environment: definition.environment,
    invoke: async (event) => {
      const environment = await acquire();
      const result = await environment.run(event);
      release(environment);
      return result;
    },
    kill: () => environments.filter((environment) => environment.kill()).length,
    stop: async () => {
      await Promise.all(environments.map((environment) => environment.end()));
    },
  };
}
