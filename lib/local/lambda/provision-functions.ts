/** Starts the functions that the template declares, with the environment that it gives them and the emulators'. */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { prepareLogFile } from '../log-file.ts';
import type { Assembly } from '../stack/assembly.ts';
import { ACCOUNT_ID, type Endpoints, REGION, sdkEnvironment } from '../stack/emulated-cloud.ts';
import {
  type Resolver,
  readProperties,
  resourcesOfType,
  UnsupportedTemplateError,
} from '../stack/template.ts';
import { type LocalFunction, startFunction } from './local-function.ts';

const FUNCTION = z.object({
  FunctionName: z.string().optional(),
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.string(),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }).optional(),
});

/** Properties that mean nothing here, and may refer to resources that do not exist here. */
const IGNORED_PROPERTIES = new Set(['Role', 'LoggingConfig', 'TracingConfig', 'Architectures', 'Tags']);

export interface FunctionSurroundings extends Endpoints {
  readonly logs: string;
  /** For people: a line that a function logged as an error. */
  readonly onLoggedError: (functionLabel: string, line: string) => void;
  /** Of the clock that the functions see; without it, they see the machine's. */
  readonly clockMemory?: SharedArrayBuffer | undefined;
}

/** So many invocations of one function at once keep both the emulators and a small machine busy. */
const MAX_ENVIRONMENTS = 2;

/**
 * Starts the functions, and lets the resolver know them. All else that their environments refer to must be known.
 * @returns them by what `Ref` gives, their names
 */
export async function provisionFunctions(
  { template, stackName, codeFolders }: Assembly,
  surroundings: FunctionSurroundings,
  resolver: Resolver,
): Promise<ReadonlyMap<string, LocalFunction>> {
  const declared = resourcesOfType(template, 'AWS::Lambda::Function').map(([logicalId, resource]) => {
    const used = Object.entries(resource.Properties ?? {}).filter(([name]) => !IGNORED_PROPERTIES.has(name));
    const { Code, ...others } = Object.fromEntries(used);
    // The bucket in `Code` is one of CDK's own, made by `cdk bootstrap`; only the key matters here.
    const properties = readProperties(logicalId, { Code, ...(resolver.resolve(others) as object) }, FUNCTION);
    const name = properties.FunctionName ?? `${stackName}-${logicalId}`;
    const arn = `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${name}`;
    resolver.define(logicalId, { Ref: name, Arn: arn });
    return { name, arn, label: labelOf(logicalId, properties), properties };
  });
  const started = await Promise.allSettled(
    declared.map(({ name, arn, label, properties }) =>
      startFunction({
        label,
        ...codeOf(properties, codeFolders),
        logFile: prepareLogFile(surroundings.logs, label),
        functionName: name,
        functionArn: arn,
        clockMemory: surroundings.clockMemory,
        memoryMegabytes: properties.MemorySize,
        timeoutMs: properties.Timeout * 1000,
        maxEnvironments: MAX_ENVIRONMENTS,
        environment: environmentOf(name, properties, surroundings),
        onLoggedError: (line) => surroundings.onLoggedError(label, line),
      }),
    ),
  );
  const functions = started.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  const failure = started.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    await Promise.all(functions.map((running) => running.stop()));
    throw failure.reason;
  }
  return new Map(declared.map(({ name }, index) => [name, functions[index] as LocalFunction]));
}

type FunctionProperties = z.infer<typeof FUNCTION>;

function labelOf(logicalId: string, { FunctionName, Environment }: FunctionProperties): string {
  return FunctionName ?? Environment?.Variables.POWERTOOLS_SERVICE_NAME ?? logicalId;
}

function codeOf(
  { Code, Handler, Runtime }: FunctionProperties,
  codeFolders: Assembly['codeFolders'],
): { readonly moduleUrl: string; readonly exportName: string } {
  const folder = codeFolders[Code.S3Key];
  const [file, exportName] = Handler.split('.');
  if (
    folder === undefined ||
    file === undefined ||
    exportName === undefined ||
    !Runtime.startsWith('nodejs')
  ) {
    throw new UnsupportedTemplateError(`The local run can't run ${Handler} of ${Code.S3Key} on ${Runtime}.`);
  }
  return { moduleUrl: pathToFileURL(join(folder, `${file}.mjs`)).href, exportName };
}

/** Nothing of the environment of the local run itself reaches a function. */
function environmentOf(
  name: string,
  { Environment, MemorySize, Runtime }: FunctionProperties,
  endpoints: Endpoints,
): Record<string, string> {
  return {
    ...Environment?.Variables,
    ...sdkEnvironment(endpoints),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: `${MemorySize}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: `AWS_Lambda_${Runtime}`,
    TZ: ':UTC',
  };
}
