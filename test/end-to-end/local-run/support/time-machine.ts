/**
 * The local run at a time that the test sets: the bundled handlers and the stack as they are, with a clock that stands still
 * until it is moved. Sweeps are started by the test, as the schedules would start them.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '../../../../lib/local/lambda/virtual-clock.ts';
import { type LocalRun, startLocalRun } from '../../../../lib/local/local-run.ts';
import { OTHER_DYNAMODB } from '../../../support/other-dynamodb.ts';
import { sendBodies } from '../../support/queues.ts';
import { type StackUnderTest, stackUnderTest } from '../../support/stack-under-test.ts';
import { parseWire, printWire, type WireMessage } from '../../support/wire-json.ts';

const DAY_MS = 86_400_000;

export class TimeMachine {
  readonly #clock: VirtualClock;
  readonly #dir: string;
  readonly #messages: WireMessage[] = [];
  readonly #troubles: string[] = [];
  #localRun: LocalRun | undefined;
  #stack: StackUnderTest | undefined;

  /** @param start ISO 8601; later than now, or the emulator would take whatever is finished for expired */
  constructor(start: string) {
    this.#clock = new VirtualClock(Date.parse(start));
    this.#dir = mkdtempSync(join(tmpdir(), 'time-machine-'));
  }

  async start(): Promise<void> {
    this.#localRun = await startLocalRun({
      dynamoDbEndpoint: OTHER_DYNAMODB,
      port: 0,
      dynamoDbPort: 0,
      dir: this.#dir,
      fresh: true,
      environment: { ...process.env, APP_ACCOUNT_UPDATE_DELAY_SECONDS: '0' },
      clock: this.#clock,
      onMessage: ({ body }) => this.#messages.push(parseWire(body)),
      onTrouble: (line) => this.#troubles.push(line),
    });
    const { outputs, endpoint, dynamoDbEndpoint } = this.#localRun;
    this.#stack = stackUnderTest({
      outputs: { ...outputs, Endpoint: endpoint, DynamoDbEndpoint: dynamoDbEndpoint },
      patienceMs: 0,
    });
  }

  async stop(): Promise<void> {
    await this.#localRun?.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** What went wrong with a function so far. */
  get troubles(): readonly string[] {
    return this.#troubles;
  }

  /** What time it is, so many days later (or earlier). */
  now(days = 0): string {
    return new Date(this.#clock.now() + days * DAY_MS)
      .toISOString()
      .replace('Z', '+00:00')
      .replace('.000', '');
  }

  /** Sends the messages, and gives all that was published until nothing followed from them any more. */
  async send(...messages: readonly WireMessage[]): Promise<readonly WireMessage[]> {
    const heard = this.#messages.length;
    await sendBodies(this.#stack as StackUnderTest, messages.map(printWire));
    await this.#localRun?.untilAtRest();
    return this.#messages.slice(heard);
  }

  /** Lets time pass in which nothing happens. */
  wait(days: number): void {
    this.#clock.set(this.#clock.now() + days * DAY_MS);
  }

  /** Lets time pass and then both tables be swept, and gives all that was published. */
  async pass(days: number): Promise<readonly WireMessage[]> {
    const heard = this.#messages.length;
    this.wait(days);
    await this.#localRun?.fireSchedules();
    await this.#localRun?.untilAtRest();
    return this.#messages.slice(heard);
  }
}
