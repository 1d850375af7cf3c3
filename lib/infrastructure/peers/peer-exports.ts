/**
 * What the stacks of peers take from the accounting stack. All of it is exported as soon as the stack may have peers, whoever
 * they are, so that a new peer changes nothing here.
 */

import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnOutput, Fn } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Topics } from '../messaging.ts';

export interface PeerImports {
  readonly processMessagesName: string;
  readonly toCreditorsArn: string;
  readonly toDebtorsArn: string;
  readonly toCoordinatorsArn: string;
}

const NAMES: Readonly<Record<keyof PeerImports, string>> = {
  processMessagesName: 'ProcessMessagesName',
  toCreditorsArn: 'ToCreditorsTopicArn',
  toDebtorsArn: 'ToDebtorsTopicArn',
  toCoordinatorsArn: 'ToCoordinatorsTopicArn',
};

/** To be called in the accounting stack. */
export function createPeerExports(
  scope: Construct,
  stackName: string,
  { processMessages, topics }: { readonly processMessages: LambdaFunction; readonly topics: Topics },
): void {
  const values: PeerImports = {
    processMessagesName: processMessages.functionName,
    toCreditorsArn: topics.toCreditors.topicArn,
    toDebtorsArn: topics.toDebtors.topicArn,
    toCoordinatorsArn: topics.toCoordinators.topicArn,
  };
  for (const [key, name] of Object.entries(NAMES)) {
    const value = values[key as keyof PeerImports];
    new CfnOutput(scope, `${name}ForPeers`, { value, exportName: exportName(stackName, name) });
  }
}

/** To be used in the stack of a peer. */
export function peerImports(stackName: string): PeerImports {
  const imports = Object.entries(NAMES).map(([key, name]) => [
    key,
    Fn.importValue(exportName(stackName, name)),
  ]);
  return Object.fromEntries(imports) as Record<keyof PeerImports, string>;
}

function exportName(stackName: string, name: string): string {
  return `${stackName}-for-peers-${name}`;
}
