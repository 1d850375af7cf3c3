#!/usr/bin/env node
/** The command `swpt` of the packed library: the verbs for clients. In a checkout, `bin/swpt.ts` adds those for operators. */

import { runSwpt } from './command-line.ts';

await runSwpt();
