/** The door to the tools for operators; `bin` starts each by its name. */

import { runAuditCommand } from './audit/audit-command.ts';
import { type ExitCode, PROCESS_OUTPUT } from './operator-command.ts';
import { runRedriveCommand } from './redrive/redrive-command.ts';
import { runRepublishCommand } from './republish/republish-command.ts';
import { runStoryCommand } from './story/story-command.ts';

const TOOLS = {
  audit: runAuditCommand,
  redrive: runRedriveCommand,
  republish: runRepublishCommand,
  story: runStoryCommand,
};

/** Runs the tool of that name with the arguments of this process. */
export function runOperatorTool(name: keyof typeof TOOLS): Promise<ExitCode> {
  return TOOLS[name](process.argv.slice(2), PROCESS_OUTPUT);
}
