/** Tells a load balancer whether this listener takes connections. */

import { createServer, type Server } from 'node:http';

/** @returns the server; it answers 200 while `isOpen`, and 503 otherwise */
export async function answerHealthChecks(port: number, isOpen: () => boolean): Promise<Server> {
  const server = createServer((_, response) => {
    response.writeHead(isOpen() ? 200 : 503, { connection: 'close' }).end();
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, resolve);
  await promise;
  return server;
}
