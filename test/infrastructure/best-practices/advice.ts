/** Compares what cdk-nag says of the stack with the exceptions. */

import type { App, PolicyValidationPluginReport } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import type { Exception } from './exceptions.ts';

export interface Finding {
  readonly rule: string;
  /** The path of the construct, from the stack on. */
  readonly construct: string;
  readonly description: string;
}

/** What the packs AwsSolutions and Serverless say of an app with one stack. */
export function adviceOn(app: App): Finding[] {
  return [new AwsSolutionsChecks(app), new ServerlessChecks(app)].flatMap((pack) => findingsOf(pack, app));
}

function findingsOf(pack: NagPack, app: App): Finding[] {
  const { violations }: PolicyValidationPluginReport = pack.validateScope(app);
  return violations.flatMap(({ ruleName, description, violatingResources }) =>
    violatingResources.map(({ constructPath = '' }) => ({
      rule: ruleName,
      construct: constructPath.replace(/^[^/]*\//, ''),
      description,
    })),
  );
}

/** @returns a sentence for each finding that no exception covers, and for each exception that covers nothing */
export function complaints(findings: readonly Finding[], exceptions: readonly Exception[]): string[] {
  const open = findings.filter(
    ({ rule, construct }) => !exceptions.some((one) => covers(one, rule, construct)),
  );
  const needless = exceptions.flatMap(({ rule, constructs, reason }) =>
    constructs
      .filter(
        (path) =>
          !findings.some((one) => covers({ rule, constructs: [path], reason }, one.rule, one.construct)),
      )
      .map((path) => `${rule} has an exception for ${path} that nothing needs.`),
  );
  return [
    ...open.map(({ rule, construct, description }) => `${construct}: ${rule}: ${description}`),
    ...needless,
  ];
}

function covers({ rule, constructs }: Exception, foundRule: string, foundConstruct: string): boolean {
  return rule === foundRule && constructs.some((path) => patternOf(path).test(foundConstruct));
}

function patternOf(path: string): RegExp {
  const escaped = path.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${escaped}$`);
}
