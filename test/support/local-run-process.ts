/**
 * A local run in a process of its own, so that it shares no thread with whoever uses it, its CPU time can be told from
 * theirs, and it ends with them however they end. To be forked, with the folder for its data as argument.
 */

import { startLocalRun } from '../../lib/local/local-run.ts';

const [dir = ''] = process.argv.slice(2);

/** The terminal's Ctrl-C is for whoever has forked this, and reaches us as the end of the channel. */
process.on('SIGINT', () => {});

const localRun = await startLocalRun({
  port: 0,
  dynamoDbPort: 0,
  dir,
  fresh: true,
  onTrouble: (line) => console.error(`local run: ${line}`),
});
process.once('disconnect', () => void localRun.stop());
process.send?.({ outputsFile: localRun.outputsFile, logsFolder: localRun.logsFolder });
