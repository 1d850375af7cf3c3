/** The command `swpt` on an authority in memory: command lines in, what a person sees and the exit code out. */

import { MemoryStore, printRole, type Transport } from '../../../../lib/client/client.ts';
import type { AuthorityAccess } from '../../../../lib/client/command/connection.ts';
import type { ExitCode } from '../../../../lib/client/command/output.ts';
import type { Profile } from '../../../../lib/client/command/profile.ts';
import { type ForeignVerb, runCommand, type World } from '../../../../lib/client/command/run.ts';
import { TestAuthority } from '../../../../lib/client/testing.ts';

export interface Result {
  readonly exitCode: ExitCode;
  /** The standard output, by line. */
  readonly printed: readonly string[];
  /** The standard error, by line. */
  readonly told: readonly string[];
}

export class CommandLines {
  readonly authority = new TestAuthority();
  /** One store for all runs, like a file. */
  readonly store = new MemoryStore();
  /** Roles that were connected, in order. */
  readonly connected: string[] = [];
  readonly sentTexts: string[] = [];
  readonly posted: string[] = [];
  readonly profiles: Profile[] = [];
  /** What `readInput` gives for each file. */
  readonly inputs: Record<string, string> = {};
  /** Whether nothing that is sent arrives. */
  isDeaf = false;
  /** What posting a message does besides noting it. */
  onPost: (body: string) => void = () => {};

  /** Runs one command line, written with spaces only between words. */
  run(
    line: string,
    options: Partial<World> & { readonly others?: readonly ForeignVerb[] } = {},
  ): Promise<Result> {
    return this.runWords(
      line.split(' ').filter((word) => word !== ''),
      options,
    );
  }

  async runWords(
    words: readonly string[],
    { others, ...options }: Partial<World> & { readonly others?: readonly ForeignVerb[] } = {},
  ): Promise<Result> {
    const printed: string[] = [];
    const told: string[] = [];
    const world: World = {
      output: {
        print: (line) => printed.push(line),
        tell: (line) => told.push(line),
        flushed: async () => {},
      },
      interrupted: new AbortController().signal,
      clock: this.authority.clock,
      readInput: async (file) => this.inputs[file] ?? '',
      post: async (url, body) => {
        this.posted.push(`${url} ${body}`);
        this.onPost(body);
      },
      access: async (profile) => this.#access(profile),
      ...options,
    };
    return { exitCode: await runCommand(words, world, others), printed, told };
  }

  /** A currency with 1000 tokens on the account 1/4294967297, and the account 1/4294967298. */
  async openCurrency(): Promise<void> {
    for (const line of [
      'open 1/0 --negligible 1000000',
      'open 1/4294967297',
      'open 1/4294967298',
      'issue 1/4294967297 1000',
    ]) {
      const { exitCode, told } = await this.run(line);
      if (exitCode !== 0) {
        throw new Error(`${line}: ${told}`);
      }
    }
  }

  #access(profile: Profile): AuthorityAccess {
    this.profiles.push(profile);
    const { authority } = this;
    const quiet = () => authority.whenQuiet();
    return {
      connect: async (role) => {
        this.connected.push(printRole(role));
        const transport = authority.connect(role);
        const send: Transport['send'] = (messages) =>
          this.isDeaf ? Promise.resolve() : transport.send(messages);
        return {
          transport: { ...transport, send },
          untilCaughtUp: quiet,
          catchUpAndRest: quiet,
          rest: async () => {},
        };
      },
      sendTexts: async (texts) => void this.sentTexts.push(...texts),
      openStore: async () => this.store,
      [Symbol.asyncDispose]: async () => {},
    };
  }
}
