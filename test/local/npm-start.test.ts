import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';

const START = join(import.meta.dirname, '..', '..', 'bin', 'start.ts');

let dir: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'start-'));
});

afterEach(async () => {
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(dir, { recursive: true, maxRetries: 10 });
});

interface Command {
  readonly signal: (name: NodeJS.Signals) => void;
  readonly printed: () => string;
  readonly complained: () => string;
  readonly status: Promise<number | null>;
}

function run(...flags: string[]): Command {
  const started = spawn(process.execPath, [START, '--dir', dir, ...flags]);
  child = started;
  const texts = { printed: '', complained: '' };
  started.stdout.on('data', (chunk) => {
    texts.printed += chunk;
  });
  started.stderr.on('data', (chunk) => {
    texts.complained += chunk;
  });
  return {
    signal: (name) => void started.kill(name),
    printed: () => texts.printed,
    complained: () => texts.complained,
    status: new Promise((resolve) => started.once('close', resolve)),
  };
}

function occupy(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({ server, port: (server.address() as { port: number }).port }),
    );
  });
}

const CONFIGURE_ACCOUNT = JSON.stringify({
  ...{ type: 'ConfigureAccount', debtor_id: 1, creditor_id: 0, negligible_amount: 2.5, config_flags: 0 },
  ...{ config_data: '', ts: new Date().toISOString(), seqnum: 0 },
});
const FINALIZE_UNKNOWN = JSON.stringify({
  ...{ type: 'FinalizeTransfer', debtor_id: 1, creditor_id: 0, transfer_id: 7, coordinator_type: 'direct' },
  ...{ coordinator_id: 1, coordinator_request_id: 1, committed_amount: 0, transfer_note: '' },
  ...{ transfer_note_format: '', ts: new Date().toISOString() },
});

async function send(queueUrl: string, ...bodies: string[]): Promise<void> {
  const { origin } = new URL(queueUrl);
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const sqs = new SQSClient({ endpoint: origin, region: 'us-east-1', credentials });
  for (const MessageBody of bodies) {
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
  }
  sqs.destroy();
}

describe('npm start', { timeout: 60_000 }, () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'tells where everything is, and ends well after %s',
    async (signal) => {
      const command = run('--port', '0', '--dynamodb-port', '0');
      await eventually(() =>
        expect(command.printed()).toContain('Messages in (→), out (←), and without effect (✗):\n'),
      );
      expect(command.printed()).toMatch(/^Ready after \d+\.\d s\. Ctrl-C stops\.\n/);
      expect(command.printed()).toMatch(/IncomingQueueUrl +http:\/\/127\.0\.0\.1:\d+\/000000000000\/\S+\n/);
      expect(existsSync(join(dir, 'outputs.json'))).toBe(true);
      command.signal(signal);
      expect([await command.status, command.complained()]).toStrictEqual([0, '']);
      expect(existsSync(join(dir, 'outputs.json'))).toBe(false);
    },
  );

  it('prints messages that come in, go out, and have no effect', async () => {
    const command = run('--port', '0', '--dynamodb-port', '0');
    await eventually(() => expect(command.printed()).toContain('IncomingQueueUrl'));
    const [, queueUrl = ''] = /IncomingQueueUrl +(\S+)/.exec(command.printed()) ?? [];
    await send(
      queueUrl,
      CONFIGURE_ACCOUNT,
      FINALIZE_UNKNOWN,
      '{"type":"ConfigureAccount","debtor_id":"one"}',
    );
    const time = '\\d\\d:\\d\\d:\\d\\d\\.\\d{3}';
    const expected = [
      '→ ConfigureAccount debtor 1 creditor 0 negligible_amount=2',
      '← to_debtors AccountUpdate debtor 1 creditor 0 ',
      '→ FinalizeTransfer debtor 1 creditor 0 ',
      '✗ ignored FinalizeTransfer of 1:0: ',
      '→ ConfigureAccount debtor one creditor undefined',
      '✗ dead letter: ConfigureAccount\\.',
    ];
    for (const words of expected) {
      await eventually(() => expect(command.printed()).toMatch(new RegExp(`^${time} ${words}`, 'm')));
    }
    command.signal('SIGTERM');
    expect([await command.status, command.complained()]).toStrictEqual([0, '']);
  });

  it.each([
    ['--port', ['--dynamodb-port', '0']],
    ['--dynamodb-port', ['--port', '0']],
  ])('names the port that is taken, and %s', async (flag, otherFlags) => {
    const { server, port } = await occupy();
    const command = run(flag, `${port}`, ...otherFlags);
    expect([await command.status, command.complained()]).toStrictEqual([
      1,
      `Port ${port} is taken; choose another one with ${flag} N (0 picks a free one).\n`,
    ]);
    server.close();
  });

  it('shows its flags', async () => {
    const command = run('--help');
    expect([await command.status, command.complained()]).toStrictEqual([0, '']);
    expect(command.printed()).toContain('--fresh');
  });
});
