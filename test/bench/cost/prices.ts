/** AWS prices from the public price lists of the day below. Change prices only here. */

/** A price in dollars for a number of units, as AWS's lists write it. */
export interface Price {
  readonly dollars: number;
  readonly per: number;
  readonly source: string;
}

export const PRICES_LOOKED_UP_ON = '2026-11-22';
export const PRICES_REGION = 'us-east-1';

const MILLION = 1_000_000;

const DYNAMO_DB = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const SQS = 'https://aws.amazon.com/sqs/pricing/';
const SNS = 'https://aws.amazon.com/sns/pricing/';
const CLOUD_WATCH = 'https://aws.amazon.com/cloudwatch/pricing/';
const X_RAY = 'https://aws.amazon.com/xray/pricing/';
const KMS = 'https://aws.amazon.com/kms/pricing/';
const EVENT_BRIDGE = 'https://aws.amazon.com/eventbridge/pricing/';

/** The first tier of each, without free tiers: on-demand tables of the standard class, arm64 functions, standard queues. */
export const PRICES = {
  writeUnit: { dollars: 0.625, per: MILLION, source: DYNAMO_DB },
  readUnit: { dollars: 0.125, per: MILLION, source: DYNAMO_DB },
  /** GetRecords costs nothing where Lambda calls it for a trigger. */
  streamRecordReadByLambda: { dollars: 0, per: MILLION, source: DYNAMO_DB },
  tableGigabyteMonth: { dollars: 0.25, per: 1, source: DYNAMO_DB },
  /** Point-in-time recovery, by the size of the table. */
  backupGigabyteMonth: { dollars: 0.2, per: 1, source: DYNAMO_DB },
  invocation: { dollars: 0.2, per: MILLION, source: LAMBDA },
  gigabyteSecond: { dollars: 0.0000133334, per: 1, source: LAMBDA },
  /** Every call, including empty receives and Lambda's own; each 64 KB of payload counts as one. */
  queueRequest: { dollars: 0.4, per: MILLION, source: SQS },
  /** Each 64 KB of a call; a PublishBatch of ten small messages is one. */
  publishRequest: { dollars: 0.5, per: MILLION, source: SNS },
  deliveryToQueueOrFunction: { dollars: 0, per: MILLION, source: SNS },
  deliveryToHttp: { dollars: 0.6, per: MILLION, source: SNS },
  logGigabyte: { dollars: 0.5, per: 1, source: CLOUD_WATCH },
  /** For each name and dimension, by the hours in which it was sent. */
  metricMonth: { dollars: 0.3, per: 1, source: CLOUD_WATCH },
  alarmMonth: { dollars: 0.1, per: 1, source: CLOUD_WATCH },
  trace: { dollars: 5, per: MILLION, source: X_RAY },
  /** For a key that AWS manages; the key itself is free. */
  keyRequest: { dollars: 0.03, per: 10_000, source: KMS },
  /** Rules on a schedule, on the default bus. */
  scheduledEvent: { dollars: 0, per: MILLION, source: EVENT_BRIDGE },
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof PRICES;

/** In dollars. */
export function priceOf(name: PriceName, quantity: number): number {
  const { dollars, per } = PRICES[name];
  return (quantity * dollars) / per;
}
