/** `npm start`: runs the accounting authority on this machine. */

import { runStartCommand } from '../lib/local/command-line.ts';

await runStartCommand(process.argv.slice(2));
