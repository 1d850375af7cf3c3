/** `npm run resume`: everything takes in work again. */

import type { OperatorOutput } from '../operator-command.ts';
import { STACK_HELP } from '../stack-tools.ts';
import { printMinute, switchCommand, turnAndTell } from './switch-tools.ts';
import { type StreamDeadline, streamDeadline } from './turn.ts';

const HELP = `Lets the stack take in work again after npm run pause or npm run drain: enables its event source mappings,
those of its peers, and its schedules.

  npm run resume -- [--dry-run]

  --dry-run                only tell what would be resumed
${STACK_HELP}
  --help                   show this

Running it again changes nothing.
Exit code: 0 when all goes on, 1 when a stream was paused for so long that records were lost, 2 when it could not be done.
`;

export const runResumeCommand = switchCommand(HELP, async ({ board }, isDryRun, output) => {
  const switches = await board.read();
  const now = new Date();
  const deadline = streamDeadline(switches, now);
  await turnAndTell(board, { switches, isOn: true, isDryRun }, output);
  output.print(isDryRun ? 'Nothing was changed; omit --dry-run to resume.' : 'Everything goes on.');
  if (deadline === undefined || now <= deadline.losesFrom) {
    return 0;
  }
  tellOfLoss(deadline, now, output);
  return 1;
});

function tellOfLoss({ pausedAt, losesFrom }: StreamDeadline, now: Date, output: OperatorOutput): void {
  // A record that was written just before the pause may not have been read.
  const day = losesFrom.getTime() - pausedAt.getTime();
  const to = new Date(now.getTime() - day);
  output.print(
    `The streams were paused since ${printMinute(pausedAt)}, longer than the 24 hours for which they keep records, so messages of that time may be missing. ` +
      'The sweeps make the credits that are due; publish the messages again:',
  );
  output.print(`  npm run republish -- --from ${printMinute(pausedAt)} --to ${printMinute(to)} --apply`);
}
