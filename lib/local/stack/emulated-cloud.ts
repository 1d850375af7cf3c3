/** The region and account of the local run, and the variables that point the AWS SDK to the emulators. */

export const REGION = 'us-east-1';
/** The account that the emulators put in their ARNs. */
export const ACCOUNT_ID = '000000000000';

export interface Endpoints {
  /** Of SQS and SNS. */
  readonly endpoint: string;
  readonly dynamoDbEndpoint: string;
}

/** The SDK's own variables, so that handlers need no code of their own for the emulators. */
export function sdkEnvironment({ endpoint, dynamoDbEndpoint }: Endpoints): Record<string, string> {
  return {
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    // The developer's own AWS configuration must not reach the handlers.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_ENDPOINT_URL_SQS: endpoint,
    AWS_ENDPOINT_URL_SNS: endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEndpoint,
  };
}
