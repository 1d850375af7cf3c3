/**
 * A local run in a process of its own, so that it does not share a thread with whoever runs the tests, and ends with them
 * however they end. The other half is in global-setup.ts.
 */

import { startLocalRun } from '../../../lib/local/local-run.ts';

const [dir = ''] = process.argv.slice(2);

/** The terminal's Ctrl-C is for whoever runs the tests, and reaches us as the end of the channel. */
process.on('SIGINT', () => {});

const localRun = await startLocalRun({
  port: 0,
  dynamoDbPort: 0,
  dir,
  fresh: true,
  onTrouble: (line) => console.error(`local run: ${line}`),
});
process.once('disconnect', () => void localRun.stop());
process.send?.({ outputsFile: localRun.outputsFile });
