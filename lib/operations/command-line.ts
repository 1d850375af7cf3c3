/** The door to the tools for operators; `bin` starts each by its name. */

import { runAuditCommand } from './audit/audit-command.ts';
import { runBalancesCommand } from './balances/balances-command.ts';
import { endWhenUnread } from './closed-pipe.ts';
import { runDeployCommand } from './deploy/deploy-command.ts';
import { type ExitCode, PROCESS_OUTPUT } from './operator-command.ts';
import { peersCommand } from './peers/peers-command.ts';
import { runRedriveCommand } from './redrive/redrive-command.ts';
import { runRepublishCommand } from './republish/republish-command.ts';
import { runStoryCommand } from './story/story-command.ts';
import { runDrainCommand } from './switches/drain-command.ts';
import { runPauseCommand } from './switches/pause-command.ts';
import { runResumeCommand } from './switches/resume-command.ts';

const TOOLS = {
  audit: runAuditCommand,
  balances: runBalancesCommand,
  deploy: runDeployCommand,
  drain: runDrainCommand,
  pause: runPauseCommand,
  peers: peersCommand(process.env),
  redrive: runRedriveCommand,
  republish: runRepublishCommand,
  resume: runResumeCommand,
  story: runStoryCommand,
};

/** Runs the tool of that name with the arguments of this process. */
export function runOperatorTool(name: keyof typeof TOOLS): Promise<ExitCode> {
  endWhenUnread();
  return TOOLS[name](process.argv.slice(2), PROCESS_OUTPUT);
}
