/** A local run in a process of its own, so that its CPU time can be told from that of the benchmark's clients. */

import { startLocalRun } from '../../lib/local/local-run.ts';

const [dir = ''] = process.argv.slice(2);

/** The terminal's Ctrl-C is for the benchmark, and reaches us as the end of the channel. */
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
