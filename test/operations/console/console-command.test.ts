import { once } from 'node:events';
import { createServer } from 'node:http';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleCommand } from '../../../lib/operations/console/console-command.ts';
import { placeOf } from '../../../lib/operations/stack-outputs.ts';
import { type EmulatedStack, startEmulatedStack } from '../../support/emulated-stack.ts';
import { eventually } from '../../support/eventually.ts';
import { runTool } from '../../support/operator-tool.ts';
import { aSampleLedger } from '../../support/sample-ledger.ts';

let stack: EmulatedStack;

beforeAll(async () => {
  stack = await startEmulatedStack();
  await stack.fill(aSampleLedger().world);
});

afterAll(() => stack.stop());

/** Runs the command, lends its address to `work`, and stops it. */
async function withConsole(flags: readonly string[], work: (url: string) => Promise<void>) {
  const ready = Promise.withResolvers<string>();
  const stopped = Promise.withResolvers<void>();
  const command = consoleCommand(() => stopped.promise);
  const running = runTool(
    (args, output) =>
      command(args, {
        ...output,
        print: (line) => {
          output.print(line);
          ready.resolve(/http:\S+\d/.exec(line)?.[0] ?? '');
        },
      }),
    ...['--outputs', stack.outputsFile, '--port', '0', ...flags],
  );
  const url = await Promise.race([
    ready.promise,
    running.then(({ told }) => {
      throw new Error(told);
    }),
  ]);
  try {
    await work(url);
  } finally {
    stopped.resolve();
  }
  return running;
}

async function answerOf(address: string) {
  const response = await fetch(address);
  return { status: response.status, text: await response.text() };
}

async function consoleQueues(): Promise<readonly string[]> {
  const sqs = new SQSClient(
    placeOf({ region: undefined, local: stack.outputs.Endpoint, chosen: undefined }, {}),
  );
  const { QueueUrls = [] } = await sqs.send(
    new ListQueuesCommand({ QueueNamePrefix: 'accounting-console-' }),
  );
  sqs.destroy();
  return QueueUrls;
}

describe('npm run console', () => {
  it('shows what the tables have, of any stack', async () => {
    const { code } = await withConsole(['--with-under-way'], async (url) => {
      const list = async () => JSON.parse((await answerOf(`${url}/api/currencies`)).text);
      await eventually(async () => expect((await list()).isReading).toBe(false));
      expect((await list()).rows[0]).toStrictEqual({
        debtorId: '1',
        accountCount: 4,
        together: '0',
        underWay: '8',
      });
      const accounts = JSON.parse((await answerOf(`${url}/api/accounts?q=2/0`)).text);
      expect([accounts.count, accounts.rows[0].key, accounts.rows[0].available]).toStrictEqual([
        1,
        '2:0',
        '998995828',
      ]);
      const transfers = await answerOf(`${url}/api/transfers?account=1:1099511627777`);
      expect(JSON.parse(transfers.text).length).toBeGreaterThan(3);
    });
    expect(code).toBe(0);
  });

  it('has no buttons, no forms that could be sent, and no feed unless it is wanted', async () => {
    await withConsole([], async (url) => {
      const about = JSON.parse((await answerOf(`${url}/api/about`)).text);
      expect(about).toMatchObject({ canAct: false, hasFeed: false });
      expect(about.title).toMatch(/read-only$/);
      const press = { method: 'POST', headers: { origin: url, 'content-type': 'application/json' } };
      for (const action of ['send', 'fault', 'time', 'audit']) {
        const response = await fetch(`${url}/api/${action}`, { ...press, body: '{}' });
        expect([action, response.status]).toStrictEqual([action, 404]);
      }
      expect((await answerOf(`${url}/api/events`)).status).toBe(404);
      expect(await consoleQueues()).toStrictEqual([]);
    });
  });

  it('answers only to its own name', async () => {
    await withConsole([], async (url) => {
      const cross = await fetch(`${url}/api/accounts`, { headers: { origin: 'http://example.com' } });
      expect([new URL(url).hostname, cross.status]).toStrictEqual(['127.0.0.1', 403]);
    });
  });

  it('shows messages as they are published, and leaves no queue behind', async () => {
    const { told } = await withConsole(['--feed'], async (url) => {
      expect((await consoleQueues()).length).toBe(1);
      const events = await fetch(`${url}/api/events`);
      const sns = new SNSClient(
        placeOf({ region: 'us-east-1', local: stack.outputs.Endpoint, chosen: undefined }, {}),
      );
      const Message = '{"type":"AccountUpdate","debtor_id":1,"creditor_id":0,"principal":-9007199254740993}';
      await sns.send(new PublishCommand({ TopicArn: stack.outputs.ToCreditorsTopicArn ?? '', Message }));
      sns.destroy();
      let text = '';
      for await (const chunk of events.body ?? []) {
        text += new TextDecoder().decode(chunk);
        if (text.includes('AccountUpdate')) {
          break;
        }
      }
      expect(text).toContain('"principal":"-9007199254740993"');
      expect((await answerOf(`${url}/api/message?seq=1`)).text).toBe(Message);
    });
    expect(told).toMatch(
      /Messages come through the queue \S+accounting-console-[0-9a-f]{12}, which is deleted/,
    );
    expect(await consoleQueues()).toStrictEqual([]);
  });

  it('says in a sentence when its port is taken, or there is no stack', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? `${address?.port}` : '';
    const never = consoleCommand(() => new Promise(() => {}));
    const taken = await runTool(never, '--outputs', stack.outputsFile, '--port', port);
    server.close();
    expect(taken).toMatchObject({
      code: 2,
      told: `Port ${port} is taken; choose another one with --port N (0 picks a free one).\n`,
    });
    const missing = await runTool(never, '--outputs', '/nowhere/outputs.json');
    expect([missing.code, missing.told]).toStrictEqual([2, expect.stringContaining('start the local run')]);
  });
});
