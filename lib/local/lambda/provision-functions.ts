/** Starts the functions that the template declares, with the environment that it gives them and the emulators'. */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Assembly } from '../stack/assembly.ts';
import { ACCOUNT_ID, type Endpoints, REGION, sdkEnvironment } from '../stack/emulated-cloud.ts';
import { readProperties, type Stack, UnsupportedTemplateError } from '../stack/template.ts';
import type { StopList } from '../stop-list.ts';
import { type LocalFunction, startFunction } from './local-function.ts';
import { prepareLogFile } from './log-file.ts';

const FUNCTION = z.object({
  FunctionName: z.string().optional(),
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.string(),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }).optional(),
});

/** Properties that have no meaning here, and may refer to resources that the local run does not create. */
const IGNORED_PROPERTIES = new Set(['Role', 'LoggingConfig', 'TracingConfig', 'Architectures', 'Tags']);

export interface FunctionSurroundings extends Endpoints, Pick<Assembly, 'codeFolders'> {
  /** Variables that all functions get besides those of the template. */
  readonly extraVariables?: Readonly<Record<string, string>>;
  /** The folder of the log files. */
  readonly logs: string;
  /** A line of a function's log that people should see. */
  readonly onLogged: (functionLabel: string, line: string) => void;
  /** Of the clock that the functions see; the machine's if it is omitted. */
  readonly clockMemory?: SharedArrayBuffer | undefined;
}

/** Two invocations of one function at once are enough to keep the emulators and a small machine busy. */
const MAX_ENVIRONMENTS = 2;

/**
 * Starts the functions, and defines what references to them give. All other resources that their environments refer to
 * must be defined.
 * @returns the functions by their names, which `Ref` gives
 */
export async function provisionFunctions(
  stack: Stack,
  surroundings: FunctionSurroundings,
  started: StopList,
): Promise<ReadonlyMap<string, LocalFunction>> {
  const declared = stack.resources('AWS::Lambda::Function').map(([logicalId, all]) => {
    const used = Object.entries(all).filter(([name]) => !IGNORED_PROPERTIES.has(name));
    const { Code, ...others } = Object.fromEntries(used);
    // The bucket in `Code` belongs to CDK and does not exist here; only the key matters.
    const properties = readProperties(logicalId, { Code, ...(stack.resolve(others) as object) }, FUNCTION);
    const name = properties.FunctionName ?? `${stack.name}-${logicalId}`;
    const arn = `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${name}`;
    stack.define(logicalId, { Ref: name, Arn: arn });
    return { name, arn, label: labelOf(logicalId, properties), properties };
  });
  const starting = declared.map(({ name, arn, label, properties }) =>
    startFunction({
      label,
      ...codeOf(properties, surroundings.codeFolders),
      logFile: prepareLogFile(surroundings.logs, label),
      functionName: name,
      functionArn: arn,
      clockMemory: surroundings.clockMemory,
      memoryMegabytes: properties.MemorySize,
      timeoutMs: properties.Timeout * 1000,
      maxEnvironments: MAX_ENVIRONMENTS,
      environment: environmentOf(name, properties, surroundings),
      onLogged: (line) => surroundings.onLogged(label, line),
    }),
  );
  // Added before they have started, since one of them may fail to.
  started.add(() => Promise.all(starting.map(async (one) => (await one.catch(() => undefined))?.stop())));
  const functions = await Promise.all(starting);
  return new Map(functions.map((running, index) => [declared[index]?.name ?? '', running]));
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

/** Contains nothing of the local run's own environment. */
function environmentOf(
  name: string,
  { Environment, MemorySize, Runtime }: FunctionProperties,
  { extraVariables, ...endpoints }: Endpoints & Pick<FunctionSurroundings, 'extraVariables'>,
): Record<string, string> {
  return {
    ...Environment?.Variables,
    ...extraVariables,
    ...sdkEnvironment(endpoints),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: `${MemorySize}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: `AWS_Lambda_${Runtime}`,
    TZ: ':UTC',
  };
}
