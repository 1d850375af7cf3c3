/** Generates the reference of the client library. */

import '../lib/packaging/reference/command-line.ts';
