/** The document client that the codecs expect: it reads every number as a bigint, and omits absent values. */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { INTEGER } from './wire-item.ts';

export function documentClient(client: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    // By default numbers and bigints are mixed by size, and digits that do not fit are lost.
    // A fraction stays as it is on the wire, for the codecs to refuse: thrown here, it would take the whole answer along.
    unmarshallOptions: { wrapNumbers: (value) => (INTEGER.test(value) ? BigInt(value) : { N: value }) },
  });
}
