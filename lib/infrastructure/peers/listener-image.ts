/** What the listener's image is built from: its bundle, on a plain Node image. Only a deployment of this image needs Docker. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleHandlers } from '../bundle.ts';

const NAME = 'stomp-listener';

/** Certificates of AWS's services come with Node itself, so the slim image has all that is needed. */
const DOCKERFILE = `FROM public.ecr.aws/docker/library/node:24-slim
COPY index.mjs /listener/index.mjs
USER node
ENV NODE_ENV=production
CMD ["node", "/listener/index.mjs"]
`;

/**
 * Bundles `stomp-listener.ts` of the folder into `<outputFolder>/stomp-listener`, with a Dockerfile.
 * @returns that folder
 */
export function createImageFolder(sourceFolder: string, outputFolder: string): string {
  const folder = bundleHandlers(sourceFolder, [NAME], outputFolder)[NAME];
  writeFileSync(join(folder, 'Dockerfile'), DOCKERFILE);
  return folder;
}
