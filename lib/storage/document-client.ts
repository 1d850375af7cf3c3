/** The document client as the codecs expect it: every number read as a bigint, absent values left out. */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export function documentClient(client: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    // The default mixes number and bigint by size, and loses what does not fit.
    unmarshallOptions: { wrapNumbers: (value) => BigInt(value) },
  });
}
