/** The door to the tools for operators; `bin` starts each by its name, and `swpt` has most of them as verbs. */

import { verbOutput } from './called-as.ts';
import { endWhenUnread } from './closed-pipe.ts';
import { type Command, type ExitCode, PROCESS_OUTPUT } from './operator-command.ts';

/** A tool is loaded only when it runs, for AWS's clients take a while. */
interface Tool {
  /** One line for a list of verbs; what has none is no verb. */
  readonly summary?: string;
  readonly load: () => Promise<Command>;
}

const TOOLS = {
  balances: {
    summary: 'tell who has what, and whether it adds up',
    load: async () => (await import('./balances/balances-command.ts')).runBalancesCommand,
  },
  console: {
    summary: 'show the ledger in the browser, without changing anything',
    load: async () => (await import('./console/console-command.ts')).runConsoleCommand,
  },
  story: {
    summary: 'tell what happened to one account',
    load: async () => (await import('./story/story-command.ts')).runStoryCommand,
  },
  audit: {
    summary: 'check that the guarantees hold in the tables',
    load: async () => (await import('./audit/audit-command.ts')).runAuditCommand,
  },
  redrive: {
    summary: 'show what is in the dead-letter queues, and try it again',
    load: async () => (await import('./redrive/redrive-command.ts')).runRedriveCommand,
  },
  republish: {
    summary: 'publish messages again',
    load: async () => (await import('./republish/republish-command.ts')).runRepublishCommand,
  },
  pause: {
    summary: 'stop taking in work',
    load: async () => (await import('./switches/pause-command.ts')).runPauseCommand,
  },
  resume: {
    summary: 'take in work again',
    load: async () => (await import('./switches/resume-command.ts')).runResumeCommand,
  },
  drain: {
    summary: 'bring the stack to rest, with nothing lost',
    load: async () => (await import('./switches/drain-command.ts')).runDrainCommand,
  },
  peers: {
    summary: 'show and change who the peers of the authority are',
    load: async () => (await import('./peers/peers-command.ts')).peersCommand(process.env),
  },
  deploy: {
    load: async () => (await import('./deploy/deploy-command.ts')).runDeployCommand,
  },
} as const satisfies Readonly<Record<string, Tool>>;

const VERBS = Object.entries<Tool>(TOOLS).flatMap(([name, { summary, load }]) =>
  summary === undefined ? [] : [{ name, summary, load }],
);

/** The tools as verbs of a command that has more than these. */
export const OPERATOR_VERBS = VERBS.map(({ name, summary, load }) => ({
  name,
  summary,
  run: async (args: readonly string[]): Promise<ExitCode> => {
    const verbs = VERBS.map((verb) => verb.name);
    return (await load())(args, verbOutput(PROCESS_OUTPUT, { verbs, isHelp: args.includes('--help') }));
  },
}));

/** Runs the tool of that name with the arguments of this process. */
export async function runOperatorTool(name: keyof typeof TOOLS): Promise<ExitCode> {
  endWhenUnread();
  const run = await TOOLS[name].load();
  return run(process.argv.slice(2), PROCESS_OUTPUT);
}
