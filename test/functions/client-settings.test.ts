/** Calls of one kind share their steps, and nothing else: not what they send, nor where, nor headers that grow. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { DeleteMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { quickClientSettings } from '../../functions/runtime/client-settings.ts';

interface Call {
  readonly body: { readonly QueueUrl: string; readonly MessageBody: string };
  readonly headers: Readonly<Record<string, unknown>>;
}

const calls: Call[] = [];
let server: Server;

beforeEach(async () => {
  calls.length = 0;
  server = createServer(async (request, response) => {
    calls.push({ body: (await json(request)) as Call['body'], headers: request.headers });
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

describe('The clients of the functions', () => {
  it('send many calls at once, each with its own content and the same headers', async () => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const client = new SQSClient({
      ...quickClientSettings,
      endpoint,
      region: 'us-east-1',
      credentials,
      md5: false,
    });
    const messages = Array.from({ length: 60 }, (_, index) => ({
      QueueUrl: `${endpoint}/000000000000/${index % 2 === 0 ? 'even' : 'odd'}`,
      MessageBody: `${index}`,
    }));
    await Promise.all(messages.map((message) => client.send(new SendMessageCommand(message))));
    client.destroy();
    expect(calls.map(({ body }) => body).toSorted(byNumber)).toStrictEqual(messages);
    const named = (name: string) => new Set(calls.map(({ headers }) => headers[name]));
    expect([named('user-agent').size, named('x-amz-target').size, named('host').size]).toStrictEqual([
      1, 1, 1,
    ]);
    // Each has its own ID, by which a retry is known.
    expect(named('amz-sdk-invocation-id').size).toBe(messages.length);
  });

  it('count every call', async () => {
    const { port } = server.address() as AddressInfo;
    const variables = {
      STACK_NAME: 'Test',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    };
    for (const [name, value] of Object.entries(variables)) {
      vi.stubEnv(name, value);
    }
    const { createSqsClient } = await import('../../functions/runtime/messaging.ts');
    const { telemetry } = await import('../../functions/runtime/telemetry.ts');
    const count = vi.spyOn(telemetry, 'count');
    const client = createSqsClient();
    for (const QueueUrl of ['first', 'second', 'third']) {
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'r' }));
    }
    client.destroy();
    expect(count.mock.calls).toStrictEqual(Array(3).fill(['Calls.DeleteMessage']));
  });
});

function byNumber(one: Call['body'], other: Call['body']): number {
  return Number(one.MessageBody) - Number(other.MessageBody);
}
