/** `npm run demo`: plays a small currency on this machine. */

import { runDemoCommand } from '../lib/local/demo/command-line.ts';

await runDemoCommand(process.argv.slice(2));
