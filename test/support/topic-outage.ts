/** A proxy in front of the emulator of queues and topics behind which topics can be out of order: SNS then refuses publications. */

import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forward, readAll } from './fault-proxy.ts';

export interface TopicOutage {
  readonly endpoint: string;
  /**
   * From now on publications are refused with the code, for example `AuthorizationError`: all of them, or those calls whose body
   * holds the text.
   */
  readonly begin: (code: string, status: number, text?: string) => void;
  readonly end: () => void;
  /** How many calls were refused. */
  readonly refusalCount: () => number;
  readonly close: () => Promise<void>;
}

/** @param target the emulator's endpoint */
export async function startTopicOutage(target: string): Promise<TopicOutage> {
  const agent = new Agent({ keepAlive: true });
  let refusal: { readonly code: string; readonly status: number; readonly text: string } | undefined;
  let refusalCount = 0;
  const server = createServer(async (incoming, response) => {
    try {
      const body = await readAll(incoming);
      if (refusal !== undefined && body.includes('Action=PublishBatch') && body.includes(refusal.text)) {
        refusalCount += 1;
        response.writeHead(refusal.status, { 'content-type': 'text/xml' }).end(printError(refusal.code));
        return;
      }
      const answer = await forward(target, agent, incoming, body);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    begin: (code, status, text = '') => {
      refusal = { code, status, text };
    },
    end: () => {
      refusal = undefined;
    },
    refusalCount: () => refusalCount,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
}

/** As SNS writes it. */
function printError(code: string): string {
  return (
    '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>' +
    `<Code>${code}</Code><Message>No topic takes anything</Message></Error><RequestId>1</RequestId></ErrorResponse>`
  );
}
