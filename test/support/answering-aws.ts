/** Stands in for AWS behind a client of the SDK: takes down what was asked, and answers as a test wishes. */

export interface AwsRequest {
  /** `GetItem`, say. */
  readonly operation: string;
  readonly input: unknown;
}

export interface AnsweringAws {
  /** To be given to a client of the SDK. */
  readonly config: { readonly region: string };
  readonly requests: AwsRequest[];
  /** How often a client that was done with hung up. */
  readonly hangUps: () => number;
}

/** What an answer says when it is an error. */
export interface AwsError {
  readonly __type: string;
  readonly message?: string;
}

/** @param answers in the order of the requests; the last one stands for all that follow */
export function answeringAws(...answers: readonly object[]): AnsweringAws {
  const requests: AwsRequest[] = [];
  let hangUps = 0;
  const handle = async ({
    body,
    headers,
  }: {
    body: string | Uint8Array;
    headers: Record<string, string>;
  }) => {
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
    const operation = headers['x-amz-target']?.split('.').at(-1) ?? '';
    const answer = answers[Math.min(requests.length, answers.length - 1)] ?? {};
    requests.push({ operation, input: JSON.parse(text) });
    const statusCode = '__type' in answer ? 400 : 200;
    return { response: { statusCode, headers: {}, body: Buffer.from(JSON.stringify(answer)) } };
  };
  const destroy = () => {
    hangUps += 1;
  };
  const config = {
    region: 'us-east-1',
    endpoint: 'http://localhost',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    requestHandler: { handle, destroy },
  };
  return { config, requests, hangUps: () => hangUps };
}
