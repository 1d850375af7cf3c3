/**
 * Says in one sentence which Node is needed, instead of letting an older one fail on TypeScript. Every npm script that
 * starts Node loads this file first. It is plain JavaScript that any Node of the last ten years runs.
 */

'use strict';

/** The first major version that runs our TypeScript and has all that we call. Lambda's runtime has the same. */
const NEEDED = 24;

if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  console.error(
    `This needs Node ${NEEDED} or newer, and ${process.execPath} is Node ${process.versions.node}: ` +
      `install Node ${NEEDED} (https://nodejs.org), or let \`npm ci\`, without --ignore-scripts, install it for this project only.`,
  );
  process.exit(1);
}
