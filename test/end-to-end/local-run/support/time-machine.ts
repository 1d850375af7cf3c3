/**
 * The local run at a time that the test sets: the bundled handlers and the stack as they are, with a clock that stands still
 * until it is moved. Sweeps are started by the test, as the schedules would start them.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { VirtualClock } from '../../../../lib/local/lambda/virtual-clock.ts';
import { type LocalRun, type LocalRunOptions, startLocalRun } from '../../../../lib/local/local-run.ts';
import { eventually } from '../../../support/eventually.ts';
import { OTHER_DYNAMODB } from '../../../support/other-dynamodb.ts';
import { type StackUnderTest, stackUnderTest } from '../../support/stack-under-test.ts';
import { parseWire, printWire, type WireMessage } from '../../support/wire-json.ts';

const DAY_MS = 86_400_000;

export class TimeMachine {
  readonly #clock: VirtualClock;
  readonly #dir: string;
  readonly #options: Pick<LocalRunOptions, 'endpointsOfFunctions'>;
  readonly #messages: WireMessage[] = [];
  readonly #troubles: string[] = [];
  #localRun: LocalRun | undefined;
  #stack: StackUnderTest | undefined;

  /** @param start ISO 8601; later than now, or the emulator would take whatever is finished for expired */
  constructor(start: string, options: Pick<LocalRunOptions, 'endpointsOfFunctions'> = {}) {
    this.#options = options;
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
      ...this.#options,
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
    await (this.#stack as StackUnderTest).incoming.send(messages.map(printWire));
    await this.#localRun?.untilAtRest();
    return this.#messages.slice(heard);
  }

  /** All that was published so far. */
  get heard(): readonly WireMessage[] {
    return this.#messages;
  }

  /** Sends the messages, and waits only until they were processed, and not for what follows from them. */
  async post(...messages: readonly WireMessage[]): Promise<void> {
    await (this.#stack as StackUnderTest).incoming.send(messages.map(printWire));
    await eventually(async () => expect(await this.countMessages('IncomingQueueUrl')).toBe(0));
  }

  /** How many messages the queue has whose URL the output gives, those included that somebody has taken. */
  async countMessages(output: string): Promise<number> {
    const { Attributes = {} } = await (this.#stack as StackUnderTest).sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.#localRun?.outputs[output],
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  }

  /** Starts what the schedules start. */
  async fireSchedules(): Promise<void> {
    await this.#localRun?.fireSchedules();
  }

  async untilAtRest(): Promise<void> {
    await this.#localRun?.untilAtRest();
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
