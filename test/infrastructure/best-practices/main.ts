/** A part of `npm run check`: prints what cdk-nag says of the stack with all its options, beyond the exceptions. */

import { withTestedStack } from '../template.ts';
import { adviceOn, complaints } from './advice.ts';
import { EXCEPTIONS } from './exceptions.ts';
import { FULL_STACK } from './full-stack.ts';

const found = withTestedStack(FULL_STACK, {}, (app) => complaints(adviceOn(app), EXCEPTIONS));
for (const sentence of found) {
  console.error(sentence);
}
process.exitCode = found.length === 0 ? 0 : 1;
