/**
 * A local run in a separate process. It shares no thread with its user, its CPU time is separate, and it ends when the
 * user's process ends in any way. Fork this file with the data folder as argument.
 */

import { startLocalRun } from '../../lib/local/local-run.ts';
import { OTHER_DYNAMODB } from './other-dynamodb.ts';

const [dir = ''] = process.argv.slice(2);

/** The forking process handles the terminal's Ctrl-C; it reaches us as the end of the channel. */
process.on('SIGINT', () => {});

const localRun = await startLocalRun({
  dynamoDbEndpoint: OTHER_DYNAMODB,
  port: 0,
  dynamoDbPort: 0,
  dir,
  fresh: true,
  onTrouble: (line) => console.error(`local run: ${line}`),
});
process.once('disconnect', () => void localRun.stop());
process.send?.({ outputsFile: localRun.outputsFile, logsFolder: localRun.logsFolder });
