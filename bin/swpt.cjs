#!/usr/bin/env node
/** Starts `swpt.ts`, unless Node is too old for it: then this file says so. */

'use strict';

require('./check-node.cjs');
import('./swpt.ts');
