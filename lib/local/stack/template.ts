/**
 * Reads a synthesized CloudFormation template: its resources, and the values of the intrinsic functions in it. What the
 * properties of a resource mean is known where the resource is created.
 */

import type { z } from 'zod';
import { ACCOUNT_ID, REGION } from './emulated-cloud.ts';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: string } }>
  >;
}

/** What `Ref` and `Fn::GetAtt` give for one resource: `Ref` under that name, attributes under theirs. */
export type ResourceValues = Readonly<Record<string, string>>;

/** The template has something that the local run can't do. Without it, the local run would differ from the cloud. */
export class UnsupportedTemplateError extends Error {
  override readonly name = 'UnsupportedTemplateError';
}

/**
 * Checks the resolved properties of a resource against a schema.
 * @throws {UnsupportedTemplateError} when they don't fit
 */
export function readProperties<Schema extends z.ZodType>(
  logicalId: string,
  properties: unknown,
  schema: Schema,
): z.output<Schema> {
  const { success, data, error } = schema.safeParse(properties);
  if (success) {
    return data;
  }
  const reasons = error.issues.map(({ path, message }) => [...path, message].join(': '));
  throw new UnsupportedTemplateError(`The local run can't create ${logicalId}: ${reasons.join('; ')}.`);
}

/**
 * The part of the stack that is known under this name or ARN.
 * @throws {UnsupportedTemplateError} when there is none
 */
export function partOf<Part>(parts: ReadonlyMap<string, Part>, name: string): Part {
  const part = parts.get(name);
  if (part === undefined) {
    throw new UnsupportedTemplateError(`The local run knows no ${name} in the stack.`);
  }
  return part;
}

const PSEUDO_PARAMETERS: ResourceValues = {
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT_ID,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Stands for a property that is not there. */
const NO_VALUE = Symbol('AWS::NoValue');

/** A stack that is being created: each resource, once it is created, tells what references to it give. */
export class Stack {
  readonly name: string;
  readonly #template: Template;
  readonly #values = new Map<string, ResourceValues>();

  constructor(name: string, template: Template) {
    this.name = name;
    this.#template = template;
  }

  /** The properties of all resources of a type, unresolved, by their logical IDs, in the order of the template. */
  resources(type: string): [logicalId: string, properties: Readonly<Record<string, unknown>>][] {
    return Object.entries(this.#template.Resources)
      .filter(([, { Type }]) => Type === type)
      .map(([logicalId, { Properties = {} }]) => [logicalId, Properties]);
  }

  /** The values of the stack's outputs, by their names. */
  outputs(): Record<string, string> {
    const outputs = Object.entries(this.#template.Outputs ?? {});
    return Object.fromEntries(outputs.map(([name, { Value }]) => [name, String(this.resolve(Value))]));
  }

  /** Sets what references to the resource give; later calls add to earlier ones. */
  define(logicalId: string, values: ResourceValues): void {
    this.#values.set(logicalId, { ...this.#values.get(logicalId), ...values });
  }

  /**
   * The value with all intrinsic functions replaced by what they give.
   * @throws {UnsupportedTemplateError} for a function, resource or attribute that is not known
   */
  resolve(value: unknown): unknown {
    const resolved = this.#resolve(value);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  #resolve(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map((item) => this.#resolve(item)).filter((item) => item !== NO_VALUE);
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const entries = Object.entries(value);
    const [name = '', argument] = entries[0] ?? [];
    if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
      return this.#call(name, argument);
    }
    return Object.fromEntries(
      entries.map(([key, item]) => [key, this.#resolve(item)]).filter(([, item]) => item !== NO_VALUE),
    );
  }

  #call(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.#reference(String(argument));
      case 'Fn::GetAtt': {
        const [logicalId, ...attribute] = typeof argument === 'string' ? argument.split('.') : list(argument);
        return this.#lookUp(String(logicalId), attribute.join('.'));
      }
      case 'Fn::Join': {
        const [separator, parts] = list(this.#resolve(argument));
        return list(parts).join(String(separator));
      }
      default:
        throw new UnsupportedTemplateError(`The local run does not know ${name}.`);
    }
  }

  #reference(name: string): unknown {
    if (name === 'AWS::NoValue') {
      return NO_VALUE;
    }
    return name === 'AWS::StackName' ? this.name : (PSEUDO_PARAMETERS[name] ?? this.#lookUp(name, 'Ref'));
  }

  #lookUp(logicalId: string, attribute: string): string {
    const value = this.#values.get(logicalId)?.[attribute];
    if (value === undefined) {
      const what = attribute === 'Ref' ? 'reference to' : `${attribute} of`;
      throw new UnsupportedTemplateError(`The local run knows no ${what} ${logicalId}.`);
    }
    return value;
  }
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) {
    throw new UnsupportedTemplateError(`Not a list: ${JSON.stringify(value)}.`);
  }
  return value;
}
