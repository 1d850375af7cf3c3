/** The command lines of docs/operations.md: what its blocks and its sentences tell an operator to run. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export const OPERATIONS_GUIDE = readFileSync(
  resolve(import.meta.dirname, '../../docs/operations.md'),
  'utf8',
);

export interface CommandBlock {
  /** Without `#`. */
  readonly heading: string;
  /** As in the guide, without indentation. */
  readonly script: string;
}

const COMMAND = /^(?:[A-Z_]+=\S+ )*(?:aws|npm|npx) /;

/** @returns all blocks marked `sh`, in the guide's order */
export function commandBlocks(guide: string = OPERATIONS_GUIDE): CommandBlock[] {
  let heading = '';
  return [...guide.matchAll(/^#+ (.+)$|^( *)```sh\n([\s\S]*?)\n *```$/gm)].flatMap(
    ([, title, indent = '', text]) => {
      heading = title ?? heading;
      return text === undefined
        ? []
        : [{ heading, script: text.replaceAll(new RegExp(`^${indent}`, 'gm'), '') }];
    },
  );
}

/** @returns each command that a sentence or a table quotes with its arguments, once; a bare name such as `npm run deploy` too */
export function quotedCommands(guide: string = OPERATIONS_GUIDE): string[] {
  const prose = guide.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '');
  const quoted = [...prose.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text.replaceAll(/\s+/g, ' '));
  return [...new Set(quoted.filter((text) => COMMAND.test(text)))];
}

/** Whether it takes the AWS CLI or a deployment, so that only a deployed stack can run it. */
export function isForDeployedStack(commands: string): boolean {
  return /\baws [a-z]+ [a-z-]+|\bnpm run (deploy|synth)\b/.test(commands);
}

/** @returns service and operation of each call of the AWS CLI, as in `sqs purge-queue` */
export function awsOperations(commands: string): string[] {
  return [...commands.matchAll(/\baws ([a-z]+ [a-z-]+)/g)].map(([, operation = '']) => operation);
}
