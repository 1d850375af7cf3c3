/** `npm run schemas`: generates `docs/schemas` and `docs/asyncapi.json` from the protocol's field table. */

import { writeSchemas } from '../lib/schemas/command-line.ts';

writeSchemas();
