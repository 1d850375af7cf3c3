#!/usr/bin/env node
/** Writes the client library as one installable file: `npm run pack`. */

import '../lib/packaging/command-line.ts';
