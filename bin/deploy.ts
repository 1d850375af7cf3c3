/** `npm run deploy`: deploys the stack with the CDK CLI, whose arguments it takes. */

import { main } from '../lib/infrastructure/deploy/command-line.ts';

process.exitCode = await main(process.argv.slice(2));
