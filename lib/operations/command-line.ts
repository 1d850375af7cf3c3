/** The door to the tools for operators; `bin` starts each by its name. */

import { runAuditCommand } from './audit/audit-command.ts';
import { runBalancesCommand } from './balances/balances-command.ts';
import { type ExitCode, PROCESS_OUTPUT } from './operator-command.ts';
import { runRedriveCommand } from './redrive/redrive-command.ts';
import { runRepublishCommand } from './republish/republish-command.ts';
import { runStoryCommand } from './story/story-command.ts';
import { runDrainCommand } from './switches/drain-command.ts';
import { runPauseCommand } from './switches/pause-command.ts';
import { runResumeCommand } from './switches/resume-command.ts';

const TOOLS = {
  audit: runAuditCommand,
  balances: runBalancesCommand,
  drain: runDrainCommand,
  pause: runPauseCommand,
  redrive: runRedriveCommand,
  republish: runRepublishCommand,
  resume: runResumeCommand,
  story: runStoryCommand,
};

/** Runs the tool of that name with the arguments of this process. */
export function runOperatorTool(name: keyof typeof TOOLS): Promise<ExitCode> {
  process.stdout.on('error', endQuietly);
  return TOOLS[name](process.argv.slice(2), PROCESS_OUTPUT);
}

/** Whoever reads the output may have seen enough, like `head`. */
function endQuietly(error: Error & { readonly code?: string }): void {
  if (error.code !== 'EPIPE') {
    throw error;
  }
  process.exit(0);
}
