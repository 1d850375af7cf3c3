/** A proxy on loopback in front of an emulator: whoever starts it chooses what happens to each call. */

import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface EmulatorProxy {
  readonly endpoint: string;
  readonly close: () => Promise<void>;
}

/** What the emulator answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ProxiedCall {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly response: ServerResponse;
  /** Lets the emulator do the call. */
  readonly pass: () => Promise<Answer>;
}

/**
 * @param target the emulator's endpoint
 * @param handle answers the call; where it throws, the connection is cut off
 */
export async function startEmulatorProxy(
  target: string,
  handle: (call: ProxiedCall) => Promise<void>,
): Promise<EmulatorProxy> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer(async (incoming, response) => {
    try {
      const body = await readAll(incoming);
      const pass = () => forward(target, agent, incoming, body);
      await handle({ headers: incoming.headers, body, response, pass });
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
}

/** Passes the request on, and gives the answer. */
function forward(
  target: string,
  agent: Agent,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${target}${url ?? '/'}`,
      { method, agent, headers: { ...headers, 'content-length': body.length } },
      async (response) => {
        const { statusCode: status = 500, headers: received } = response;
        const type = received['content-type'];
        resolve({
          status,
          headers: type === undefined ? {} : { 'content-type': type },
          body: await readAll(response),
        });
      },
    );
    outgoing.on('error', reject).end(body);
  });
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
