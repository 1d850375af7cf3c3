/**
 * Calls a local DynamoDB and its streams as plain JSON over HTTP. Stream records must reach the handlers exactly as the
 * service writes them, which the SDK would first turn into objects of its own; and the local run starts sooner without
 * it. Not for the cloud: nothing is signed.
 */

import { Agent, request } from 'node:http';
import { REGION } from '../stack/emulated-cloud.ts';

/** What the service answered to a call that it refused; `code` is like `ResourceNotFoundException`. */
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
   * @throws an error of Node when it can't be reached
   */
  readonly call: <Output>(operation: Operation, input: object) => Promise<Output>;
  readonly close: () => void;
}

const VERSIONS = { DynamoDB: 'DynamoDB_20120810', DynamoDBStreams: 'DynamoDBStreams_20120810' };

/** Emulators want to see a signature, and look into it for region and account, but don't check it. */
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
      const { status, body } = await post(endpoint, agent, `${VERSIONS[service]}.${name}`, input);
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
  agent: Agent,
  target: string,
  input: object,
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify(input);
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
