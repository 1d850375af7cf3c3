/**
 * Reading a synthesized CloudFormation template: its resources, and the values of the intrinsic functions in it. What a
 * resource's properties mean is known where the resource is created.
 */

import type { z } from 'zod';
import { ACCOUNT_ID, REGION } from './emulated-cloud.ts';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** What `Ref` and `Fn::GetAtt` give for one resource: `Ref` under that name, attributes under theirs. */
export type ResourceValues = Readonly<Record<string, string>>;

/** The template has something that the local run can't do. Doing without would make it behave unlike the cloud. */
export class UnsupportedTemplateError extends Error {
  override readonly name = 'UnsupportedTemplateError';
}

/** The resources of one type, by their logical IDs, in the order of the template. */
export function resourcesOfType(template: Template, type: string): [string, TemplateResource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/**
 * The properties of a resource, with all that they refer to resolved, as the schema describes them.
 * @throws {UnsupportedTemplateError} when they are otherwise
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
  throw new UnsupportedTemplateError(`${logicalId} is not as the local run knows it: ${reasons.join('; ')}.`);
}

const PSEUDO_PARAMETERS: ResourceValues = {
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT_ID,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Stands for a property that is not there. */
const NO_VALUE = Symbol('AWS::NoValue');

export interface Resolver {
  /** Makes known what references to the resource give; later calls add to earlier ones. */
  readonly define: (logicalId: string, values: ResourceValues) => void;
  /**
   * The value with all intrinsic functions replaced by what they give.
   * @throws {UnsupportedTemplateError} for a function, resource or attribute that is not known
   */
  readonly resolve: (value: unknown) => unknown;
}

/** `stackName` and `stackId` are what the template's references to the stack itself give. */
export function createResolver(stackName: string): Resolver {
  const known = new Map<string, ResourceValues>();
  const lookUp = (logicalId: unknown, attribute: unknown) =>
    known.get(String(logicalId))?.[String(attribute)] ?? refuseReference(logicalId, attribute);
  const reference = (name: unknown) => {
    if (name === 'AWS::NoValue') {
      return NO_VALUE;
    }
    if (name === 'AWS::StackName') {
      return stackName;
    }
    return PSEUDO_PARAMETERS[String(name)] ?? lookUp(name, 'Ref');
  };
  const functions: Record<string, (argument: unknown) => unknown> = {
    Ref: reference,
    'Fn::GetAtt': (argument) => {
      const [logicalId, ...attribute] = typeof argument === 'string' ? argument.split('.') : list(argument);
      return lookUp(logicalId, attribute.join('.'));
    },
    'Fn::Join': (argument) => {
      const [separator, parts] = list(resolve(argument));
      return list(parts).join(String(separator));
    },
  };
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(resolve).filter((item) => item !== NO_VALUE);
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const entries = Object.entries(value);
    const [name = '', argument] = entries[0] ?? [];
    if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
      const evaluate = functions[name];
      if (evaluate === undefined) {
        throw new UnsupportedTemplateError(`The local run does not know ${name}.`);
      }
      return evaluate(argument);
    }
    return Object.fromEntries(
      entries.map(([key, item]) => [key, resolve(item)]).filter(([, item]) => item !== NO_VALUE),
    );
  };
  return {
    define: (logicalId, values) => void known.set(logicalId, { ...known.get(logicalId), ...values }),
    resolve: (value) => {
      const resolved = resolve(value);
      return resolved === NO_VALUE ? undefined : resolved;
    },
  };
}

function refuseReference(logicalId: unknown, attribute: unknown): never {
  const what = attribute === 'Ref' ? 'reference to' : `${attribute} of`;
  throw new UnsupportedTemplateError(`The local run knows no ${what} ${logicalId}.`);
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) {
    throw new UnsupportedTemplateError(`Not a list: ${JSON.stringify(value)}.`);
  }
  return value;
}
