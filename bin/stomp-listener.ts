/** The listener for peers, as it runs in its container; docs/network.md tells how. */

import { runListener } from '../lib/peers/command-line.ts';

await runListener(process.env);
