/** The stack's template for a set of options, with the resource names that the code uses. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib/core';
import { AccountingStack } from '../../lib/infrastructure/accounting-stack.ts';
import { createApp } from '../../lib/infrastructure/app.ts';
import { FUNCTION_NAMES, type FunctionName } from '../../lib/infrastructure/functions.ts';
import { parseStackOptions } from '../../lib/infrastructure/options.ts';

/** A template with references as texts: `Incoming` for a Ref and `Incoming.Arn` for an attribute. */
export interface ReadableTemplate {
  readonly Resources: Readonly<Record<string, ReadableResource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: string }>>;
}

export interface ReadableResource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: resources of all types are read here
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** Synthesizes the stack with the same trivial handler in every function, and without synthetic payments, audits and aliases unless asked for. */
export function synthesize(
  options: Readonly<Record<string, string>> = {},
  settings: Readonly<Record<string, string>> = {},
): ReadableTemplate {
  return withTestedStack(options, settings, (app, stack) => {
    const { Resources, Outputs } = app.synth().getStackArtifact(stack.artifactId).template;
    return readable({ Resources: withoutHashes(Resources), Outputs }) as ReadableTemplate;
  });
}

/** Lends the stack that `synthesize` synthesizes, before it is synthesized. */
export function withTestedStack<T>(
  options: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, string>>,
  use: (app: App, stack: AccountingStack) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), 'stack-test-'));
  try {
    const codeFolder = join(folder, 'code');
    mkdirSync(codeFolder);
    writeFileSync(join(codeFolder, 'index.mjs'), 'export const handler = () => {};');
    const app = createApp({ outdir: join(folder, 'out') });
    const stack = new AccountingStack(app, 'Tested', {
      options: parseStackOptions({
        syntheticPaymentMinutes: '0',
        auditHours: '0',
        trafficShift: 'off',
        ...options,
      }),
      settings,
      sweepPeriods: { accountsSeconds: 5_400, transfersSeconds: 1 },
      codeFolders: Object.fromEntries(FUNCTION_NAMES.map((name) => [name, codeFolder])) as Record<
        FunctionName,
        string
      >,
    });
    return use(app, stack);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The properties of all resources of a type, by name. */
export function propertiesOf(
  template: ReadableTemplate,
  type: string,
): Record<string, ReadableResource['Properties']> {
  return Object.fromEntries(
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([name, resource]) => [name, resource.Properties]),
  );
}

export function withoutHashes(resources: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(resources).map(([id, resource]) => [withoutHash(id), resource]));
}

/** The value with references as texts. */
export function readable(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(readable);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const { Ref: reference, 'Fn::GetAtt': attribute } = value as {
    Ref?: string;
    'Fn::GetAtt'?: [string, string];
  };
  if (reference !== undefined) {
    return withoutHash(reference);
  }
  if (attribute !== undefined) {
    return `${withoutHash(attribute[0])}.${attribute[1]}`;
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, readable(member)]));
}

/** CDK ends logical IDs in eight hexadecimal digits of a hash of the path. */
function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}
