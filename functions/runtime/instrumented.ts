/** What every handler is wrapped in: the log knows the invocation, and metrics are handed over whatever happens. */

import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context, Handler } from 'aws-lambda';
import { boundCalls } from './remaining-time.ts';
import { logger, publishTelemetry } from './telemetry.ts';

export function instrumented<Event, Result>(
  handle: (event: Event, context: Context) => Promise<Result>,
): Handler<Event, Result> {
  return middy<Event, Result>()
    .use({ before: ({ context }) => boundCalls(context) })
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use({ after: publishTelemetry, onError: publishTelemetry })
    .handler(handle) as unknown as Handler<Event, Result>;
}
