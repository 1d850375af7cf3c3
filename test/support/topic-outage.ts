/** A proxy in front of the emulator of queues and topics behind which topics can be out of order: SNS then refuses publications. */

import { type EmulatorProxy, startEmulatorProxy } from './emulator-proxy.ts';

export interface TopicOutage extends EmulatorProxy {
  /**
   * From now on publications are refused with the code, for example `AuthorizationError`: all of them, or those calls whose body
   * holds the text.
   */
  readonly begin: (code: string, status: number, text?: string) => void;
  readonly end: () => void;
  /** How many calls were refused. */
  readonly refusalCount: () => number;
}

/** @param target the emulator's endpoint */
export async function startTopicOutage(target: string): Promise<TopicOutage> {
  let refusal: { readonly code: string; readonly status: number; readonly text: string } | undefined;
  let refusalCount = 0;
  const proxy = await startEmulatorProxy(target, async ({ body, response, pass }) => {
    if (refusal !== undefined && body.includes('Action=PublishBatch') && body.includes(refusal.text)) {
      refusalCount += 1;
      response.writeHead(refusal.status, { 'content-type': 'text/xml' }).end(printError(refusal.code));
      return;
    }
    const answer = await pass();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  return {
    ...proxy,
    begin: (code, status, text = '') => {
      refusal = { code, status, text };
    },
    end: () => {
      refusal = undefined;
    },
    refusalCount: () => refusalCount,
  };
}

/** As SNS writes it. */
function printError(code: string): string {
  return (
    '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>' +
    `<Code>${code}</Code><Message>No topic takes anything</Message></Error><RequestId>1</RequestId></ErrorResponse>`
  );
}
