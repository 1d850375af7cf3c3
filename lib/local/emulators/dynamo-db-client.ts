/**
 * Calls a local DynamoDB and its streams with plain JSON over HTTP. The SDK would turn stream records into objects of its
 * own, where handlers must get them exactly as the service writes them. The local run also starts sooner without the SDK.
 * Requests are not signed, so this does not work in the cloud.
 */

import { Agent, request } from 'node:http';
import { REGION } from '../stack/emulated-cloud.ts';

/** The service refused a call; `code` is the error's type, such as `ResourceNotFoundException`. */
export class DynamoDbError extends Error {
  override readonly name = 'DynamoDbError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

export type Operation = `${'DynamoDB' | 'DynamoDBStreams'}.${string}`;

export interface DynamoDbClient {
  /**
   * @throws {DynamoDbError} when the service refuses
   * @throws Node's error when the service can't be reached
   */
  readonly call: <Output>(operation: Operation, input: object) => Promise<Output>;
  readonly close: () => void;
}

const VERSIONS = { DynamoDB: 'DynamoDB_20120810', DynamoDBStreams: 'DynamoDBStreams_20120810' };

/** Emulators require a signature and read region and account from it, but don't check it. */
const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  authorization:
    `AWS4-HMAC-SHA256 Credential=local/20200101/${REGION}/dynamodb/aws4_request, ` +
    'SignedHeaders=host;x-amz-date;x-amz-target, Signature=0',
  'x-amz-date': '20200101T000000Z',
};

export function createDynamoDbClient(endpoint: string): DynamoDbClient {
  const agent = new Agent({ keepAlive: true });
  return {
    call: async <Output>(operation: Operation, input: object) => {
      const [service, name] = operation.split('.') as [keyof typeof VERSIONS, string];
      const target = `${VERSIONS[service]}.${name}`;
      const { status, body } = await post(endpoint, { agent, target }, JSON.stringify(input));
      const output = JSON.parse(body);
      if (status === 200) {
        return output as Output;
      }
      const type: string = output.__type ?? 'UnknownError';
      throw new DynamoDbError(
        type.slice(type.indexOf('#') + 1),
        output.message ?? output.Message ?? `status ${status}`,
      );
    },
    close: () => agent.destroy(),
  };
}

function post(
  endpoint: string,
  { agent, target }: { readonly agent: Agent; readonly target: string },
  body: string,
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { ...HEADERS, 'x-amz-target': target, 'content-length': Buffer.byteLength(body) };
    request(endpoint, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() }),
      );
      response.on('error', reject);
    })
      .on('error', reject)
      .end(body);
  });
}
