/** `npm run pause`: everything stops taking in work. */

import { STACK_HELP } from '../stack-tools.ts';
import { printMinute, switchCommand, turnAndTell } from './switch-tools.ts';
import { streamDeadline } from './turn.ts';

const HELP = `Stops the stack from taking in anything: disables its event source mappings, those of its peers, and its schedules.

  npm run pause -- [--dry-run]

What functions have taken they finish. Messages wait in the queues, for 14 days. Changes wait in the streams, for 24 hours
only: npm run resume must come before. To let streams and queues run empty instead, use npm run drain.

  --dry-run                only tell what would be paused
${STACK_HELP}
  --help                   show this

Running it again changes nothing. A deployment may enable what it changes; run it again afterwards.
Exit code: 0 when all is paused, 2 when it could not be done.
`;

export const runPauseCommand = switchCommand(HELP, async ({ board }, isDryRun, output) => {
  const switches = await board.read();
  await turnAndTell(board, { switches, isOn: false, isDryRun }, output);
  if (isDryRun) {
    output.print('Nothing was changed; omit --dry-run to pause.');
    return 0;
  }
  const deadline = streamDeadline(await board.read(), new Date());
  output.print('Paused. npm run resume lets everything go on.');
  if (deadline !== undefined) {
    const { pausedAt, losesFrom } = deadline;
    output.print(
      `Resume before ${printMinute(losesFrom)}: the streams, paused since ${printMinute(pausedAt)}, keep what was not read for 24 hours, and lose it then.`,
    );
  }
  return 0;
});
