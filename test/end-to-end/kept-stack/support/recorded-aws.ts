/**
 * Stands in for `aws` in the guide's scripts: runs the real one on the tests' stack, and writes down how it went. What the emulator can't do
 * goes to a port where nobody listens: the AWS CLI checks a command and all its parameters before it sends anything, so if all that
 * fails is the connection, the command line is sound.
 */

import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';

/** What the variable RECORDED_AWS holds, as JSON. */
export interface Recording {
  readonly program: string;
  readonly endpoint: string;
  /** Nobody listens there. */
  readonly closedEndpoint: string;
  /** Service and operation, as in `sqs start-message-move-task`, to what the emulator lacks. */
  readonly exceptions: Readonly<Record<string, string>>;
  /** The backup of each table that a restore to an instant takes instead, by the table's name. */
  readonly backups: Readonly<Record<string, string>>;
  readonly file: string;
}

/** One line of the file. */
export interface RecordedCall {
  readonly command: string;
  readonly status: number | null;
  readonly said: string;
  /** Whether the call was only checked. */
  readonly isOnlyChecked: boolean;
}

const UNREACHED = /^\s*Could not connect to the endpoint URL/m;

if (import.meta.main) {
  process.exitCode = runRecorded(JSON.parse(process.env.RECORDED_AWS ?? '{}'), process.argv.slice(2));
}

function runRecorded(recording: Recording, args: readonly string[]): number {
  const standIn = restoreOfBackup(recording, args);
  const isOnlyChecked = standIn !== undefined || args.slice(0, 2).join(' ') in recording.exceptions;
  const run = (endpoint: string, all: readonly string[]) =>
    spawnSync(recording.program, [...all, '--endpoint-url', endpoint], {
      encoding: 'utf8',
      env: { ...process.env, AWS_MAX_ATTEMPTS: '1', AWS_PAGER: '' },
    });
  const { status, stdout, stderr } = run(isOnlyChecked ? recording.closedEndpoint : recording.endpoint, args);
  const call: RecordedCall = { command: args.join(' '), status, said: stderr, isOnlyChecked };
  appendFileSync(recording.file, `${JSON.stringify(call)}\n`);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  if (!isOnlyChecked || !UNREACHED.test(stderr)) {
    return status ?? 1;
  }
  return standIn === undefined ? 0 : (run(recording.endpoint, standIn).status ?? 1);
}

/** What restores a backup in place of an instant, where there is a backup of the table. */
function restoreOfBackup({ backups }: Recording, args: readonly string[]): string[] | undefined {
  const after = (flag: string) => args[args.indexOf(flag) + 1] ?? '';
  const backup = backups[after('--source-table-name')];
  return args[1] === 'restore-table-to-point-in-time' && backup !== undefined
    ? [
        ...['dynamodb', 'restore-table-from-backup', '--backup-arn', backup],
        ...['--target-table-name', after('--target-table-name')],
      ]
    : undefined;
}
