/**
 * What a deployment would lose: tables and queues that are in the deployed template and would be deleted or replaced by the new
 * one. A replaced table is kept (its policy is `Retain`), but the stack would go on with a new, empty one.
 */

/** A CloudFormation template, as far as losses depend on it. */
export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly UpdatePolicy?: object;
}

export interface Loss {
  readonly logicalId: string;
  /** A half sentence for an operator, such as `would be deleted`. */
  readonly how: string;
}

/**
 * The properties whose change makes CloudFormation replace the resource ("Update requires: Replacement" in AWS's reference). Of a
 * table also its stream: a changed view is a new stream, and what the old one still has is never published.
 */
const REPLACING: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': [
    'TableName',
    'KeySchema',
    'AttributeDefinitions',
    'LocalSecondaryIndexes',
    'ImportSourceSpecification',
    'StreamSpecification',
  ],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
};

/** The types of the resources that hold money, or messages that move it. */
export const KEPT_TYPES: readonly string[] = Object.keys(REPLACING);

/** @returns one entry for each table or queue that the new template would delete or replace */
export function lossesBetween(deployed: Template, next: Template): Loss[] {
  const after = next.Resources ?? {};
  return Object.entries(deployed.Resources ?? {})
    .filter(([, { Type }]) => KEPT_TYPES.includes(Type))
    .flatMap(([logicalId, before]) => {
      const how = lossOf(before, after[logicalId]);
      return how === undefined
        ? []
        : [{ logicalId, how: how === GONE ? goneSentence(before, deployed, after) : how }];
    });
}

const GONE = 'would be deleted';

function lossOf(before: TemplateResource, after: TemplateResource | undefined): string | undefined {
  if (after === undefined) {
    return GONE;
  }
  if (after.Type !== before.Type) {
    return `would be replaced by a resource of type ${after.Type}`;
  }
  const changed = REPLACING[before.Type]?.filter(
    (property) => !isKeptBy(property, before.Properties?.[property], after.Properties?.[property]),
  );
  return changed === undefined || changed.length === 0
    ? undefined
    : `would be replaced, since ${changed.join(' and ')} ${changed.length === 1 ? 'changes' : 'change'}`;
}

/** A definition of another attribute may be added, for an index, without a replacement. */
function isKeptBy(property: string, before: unknown, after: unknown): boolean {
  if (property === 'AttributeDefinitions' && Array.isArray(before) && Array.isArray(after)) {
    const definitions = after.map(canonical);
    return before.every((definition) => definitions.includes(canonical(definition)));
  }
  return canonical(before) === canonical(after);
}

/** A new resource of the same type may be the old one under another name; CloudFormation does not see that. */
function goneSentence(
  before: TemplateResource,
  deployed: Template,
  after: Readonly<Record<string, TemplateResource>>,
): string {
  const added = Object.entries(after).filter(
    ([id, { Type }]) => Type === before.Type && deployed.Resources?.[id] === undefined,
  );
  return added.length === 0
    ? GONE
    : `${GONE}; ${added.map(([id]) => id).join(', ')} would be new and empty, even if it was meant as another name`;
}

/** The same text for values that differ only in the order of their keys, or in numbers and booleans written as texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join()}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`,
    );
    return `{${members.sort().join()}}`;
  }
  return value === undefined ? '' : JSON.stringify(String(value));
}
