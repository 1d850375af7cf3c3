/**
 * Functions as Lambda runs them: several invocations at once, each in an environment of its own, which is kept for the
 * next one. What events look like, and what follows from a failure, is the business of those who invoke.
 */

import {
  createEnvironment,
  type EnvironmentDefinition,
  type ExecutionEnvironment,
  type InvocationResult,
} from './execution-environment.ts';

/** Invokes a function with an event in JSON. Never throws; waits while all environments are busy. */
export type Invoke = (event: string) => Promise<InvocationResult>;

export interface FunctionDefinition extends EnvironmentDefinition {
  /** For people: in what is printed. */
  readonly label: string;
  /** How many invocations may run at once. */
  readonly maxEnvironments: number;
}

export interface LocalFunction {
  readonly label: string;
  readonly arn: string;
  /** Its variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly invoke: Invoke;
  /** Ends all environments, whatever they are doing. */
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
  // The last one used is used first, so that those which never were needed are not loaded.
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
    stop: async () => {
      await Promise.all(environments.map((environment) => environment.end()));
    },
  };
}
