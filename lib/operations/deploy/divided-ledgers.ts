/**
 * Upgrades that must not be gradual: while the invocations of a function move to its new version, both versions work. If they
 * work on different tables, there are two ledgers.
 */

import type { Template } from './template-losses.ts';

/** The variables that name what a function keeps its state in. */
const TABLE_VARIABLES = ['ACCOUNTS_TABLE_NAME', 'TRANSFERS_TABLE_NAME'];

/** @returns the logical IDs of functions whose versions would work on different tables at the same time */
export function dividedLedgers(deployed: Template, next: Template): string[] {
  return shiftedFunctions(next)
    .filter((id) => shiftedFunctions(deployed).includes(id))
    .filter((id) => tablesOf(deployed, id) !== tablesOf(next, id));
}

/** Those whose alias CodeDeploy moves. An alias that is new points to the new version alone. */
function shiftedFunctions({ Resources = {} }: Template): string[] {
  return Object.values(Resources)
    .filter(({ Type, UpdatePolicy }) => Type === 'AWS::Lambda::Alias' && isGradual(UpdatePolicy))
    .map(({ Properties }) => (Properties?.FunctionName as { Ref?: string } | undefined)?.Ref ?? '');
}

function isGradual(policy: unknown): boolean {
  return (
    (policy as { CodeDeployLambdaAliasUpdate?: object } | undefined)?.CodeDeployLambdaAliasUpdate !==
    undefined
  );
}

function tablesOf({ Resources = {} }: Template, functionId: string): string {
  const environment = Resources[functionId]?.Properties?.Environment as
    | { Variables?: Readonly<Record<string, unknown>> }
    | undefined;
  return JSON.stringify(TABLE_VARIABLES.map((name) => environment?.Variables?.[name]));
}
