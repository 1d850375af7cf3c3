/** Runs an operator's tool as its bin file does, and keeps its output. */

import type { ExitCode, OperatorOutput } from '../../lib/operations/operator-command.ts';
import { withPlainTableNames } from './other-dynamodb.ts';

export type Command = (args: readonly string[], output: OperatorOutput) => Promise<ExitCode>;

export interface ToolRun {
  readonly code: ExitCode;
  /** On standard output. */
  readonly lines: readonly string[];
  /** On standard error. */
  readonly told: string;
}

export async function runTool(command: Command, ...args: string[]): Promise<ToolRun> {
  const lines: string[] = [];
  let told = '';
  const output = {
    print: (line: string) => void lines.push(withPlainTableNames(line)),
    tell: (text: string) => {
      told += withPlainTableNames(text);
    },
    isTerminal: false,
  };
  return { code: await command(args, output), lines, told };
}
