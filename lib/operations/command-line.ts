/** The door to the tools for operators; `bin` starts each by its name, and `swpt` has them as verbs. */

import { runAuditCommand } from './audit/audit-command.ts';
import { runBalancesCommand } from './balances/balances-command.ts';
import { type Command, type ExitCode, PROCESS_OUTPUT } from './operator-command.ts';
import { runRedriveCommand } from './redrive/redrive-command.ts';
import { runRepublishCommand } from './republish/republish-command.ts';
import { runStoryCommand } from './story/story-command.ts';
import { runDrainCommand } from './switches/drain-command.ts';
import { runPauseCommand } from './switches/pause-command.ts';
import { runResumeCommand } from './switches/resume-command.ts';

/** Each with one line for a list of them. */
const TOOLS = {
  balances: [runBalancesCommand, 'tell who has what, and whether it adds up'],
  story: [runStoryCommand, 'tell what happened to one account'],
  audit: [runAuditCommand, 'check that the guarantees hold in the tables'],
  redrive: [runRedriveCommand, 'show what is in the dead-letter queues, and try it again'],
  republish: [runRepublishCommand, 'publish messages again'],
  pause: [runPauseCommand, 'stop taking in work'],
  resume: [runResumeCommand, 'take in work again'],
  drain: [runDrainCommand, 'bring the stack to rest, with nothing lost'],
} as const satisfies Readonly<Record<string, readonly [Command, string]>>;

/** The tools as verbs of a command that has more than these. */
export const OPERATOR_VERBS = Object.entries(TOOLS).map(([name, [run, summary]]) => ({
  name,
  summary,
  run: (args: readonly string[]): Promise<ExitCode> => run(args, PROCESS_OUTPUT),
}));

/** Runs the tool of that name with the arguments of this process. */
export function runOperatorTool(name: keyof typeof TOOLS): Promise<ExitCode> {
  process.stdout.on('error', endQuietly);
  const [run] = TOOLS[name];
  return run(process.argv.slice(2), PROCESS_OUTPUT);
}

/** Whoever reads the output may have seen enough, like `head`. */
function endQuietly(error: Error & { readonly code?: string }): void {
  if (error.code !== 'EPIPE') {
    throw error;
  }
  process.exit(0);
}
