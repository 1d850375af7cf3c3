/**
 * Takes the stacks of peers into the template of the accounting stack. On this machine all are created together, and nothing in
 * them is about being apart.
 */

import type { Template, TemplateResource } from './template.ts';
import { UnsupportedTemplateError } from './template.ts';

export interface NamedTemplate {
  readonly stackName: string;
  readonly template: Template;
}

/**
 * The template with the resources and outputs of all others, under names that begin with what their stacks' names add to the
 * main stack's.
 * @throws {UnsupportedTemplateError} when one of them imports what the main stack does not export
 */
export function withPeers(main: NamedTemplate, others: readonly NamedTemplate[]): Template {
  const exported = exportsOf(main.template);
  let merged = main.template;
  for (const { stackName, template } of others) {
    const prefix = prefixOf(stackName, main.stackName);
    const rewrite = (value: unknown): unknown => rewritten(value, { prefix, template, exported });
    const renamed = <Part>(parts: Readonly<Record<string, Part>> = {}): Record<string, Part> =>
      Object.fromEntries(Object.entries(parts).map(([name, part]) => [prefix + name, rewrite(part) as Part]));
    merged = {
      Resources: { ...merged.Resources, ...renamed<TemplateResource>(template.Resources) },
      Outputs: { ...merged.Outputs, ...renamed(template.Outputs) },
    };
  }
  return merged;
}

/**
 * The outputs of the merged template, by the stack that has them when it is deployed.
 * @param stackNames the main stack's first
 */
export function outputsByStack(
  outputs: Readonly<Record<string, string>>,
  [mainName, ...others]: readonly [string, ...string[]],
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const stacks: Record<string, Record<string, string>> = { [mainName]: {} };
  for (const [name, value] of Object.entries(outputs)) {
    const [stackName, ownName] = others
      .map((other) => [other, prefixOf(other, mainName)] as const)
      .filter(([, prefix]) => name.startsWith(prefix))
      .map(([other, prefix]) => [other, name.slice(prefix.length)] as const)
      // One node ID may begin with another one, but all outputs begin with a capital letter.
      .find(([, rest]) => /^[A-Z]/.test(rest)) ?? [mainName, name];
    stacks[stackName] = { ...stacks[stackName], [ownName]: value };
  }
  return stacks;
}

/** In small letters, so no name of the main stack begins so. */
function prefixOf(stackName: string, mainName: string): string {
  return stackName.slice(mainName.length).replace(/[^A-Za-z0-9]/g, '');
}

function exportsOf({ Outputs = {} }: Template): ReadonlyMap<string, unknown> {
  return new Map(
    Object.values(Outputs).flatMap(({ Value, Export }) =>
      Export === undefined ? [] : [[Export.Name, Value]],
    ),
  );
}

interface Renaming {
  readonly prefix: string;
  readonly template: Template;
  readonly exported: ReadonlyMap<string, unknown>;
}

/** The value with references to resources of the template under their new names, and imports as what they import. */
function rewritten(value: unknown, renaming: Renaming): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => rewritten(item, renaming));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { prefix, template, exported } = renaming;
  const newName = (name: unknown): unknown =>
    typeof name === 'string' && name in template.Resources ? prefix + name : name;
  const {
    Ref: reference,
    'Fn::GetAtt': attribute,
    'Fn::ImportValue': imported,
  } = value as Record<string, unknown>;
  if (reference !== undefined) {
    return { Ref: newName(reference) };
  }
  if (Array.isArray(attribute)) {
    return { 'Fn::GetAtt': [newName(attribute[0]), ...attribute.slice(1)] };
  }
  if (imported !== undefined) {
    if (!exported.has(String(imported))) {
      throw new UnsupportedTemplateError(`The local run knows no export ${imported}.`);
    }
    return exported.get(String(imported));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewritten(item, renaming)]));
}
