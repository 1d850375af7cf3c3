/** A stack that is deployed with the CDK CLI to be tried, and then destroyed. */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Screen } from '../../../lib/local/demo/screen.ts';
import { CdkError, runCdk } from './cdk.ts';
import type { Target } from './target.ts';

/** Short periods for the tests. The environment takes precedence. */
const TEST_SETTINGS = {
  APP_ACCOUNT_UPDATE_DELAY_SECONDS: '2',
  // The shortest period of a schedule in the cloud.
  APP_ACCOUNTS_SCAN_HOURS: '0.0166',
};

export class DisposableStack {
  readonly name = `SwaptacularAccountsTest-${randomBytes(3).toString('hex')}`;
  /** For files of whoever uses the stack; removed with the stack. */
  readonly folder = mkdtempSync(join(tmpdir(), 'deployment-'));
  readonly outputsFile = join(this.folder, 'outputs.json');
  readonly #target: Target;
  readonly #screen: Screen;
  readonly #environment: Readonly<Record<string, string | undefined>>;

  /** @param options of the stack, as variables, which the environment takes precedence over */
  constructor(target: Target, screen: Screen, options: Readonly<Record<string, string>> = {}) {
    this.#target = target;
    this.#screen = screen;
    this.#environment = {
      ...TEST_SETTINGS,
      ...options,
      ...target.environment,
      APP_STACK_NAME: this.name,
      APP_DISPOSABLE: 'true',
    };
  }

  /** @throws {CdkError} when it can't be deployed */
  async deploy(): Promise<void> {
    const { name, isEmulator } = this.#target;
    await this.#step('Synthesizing', 'Synthesized', () =>
      runCdk(['synth', '--quiet', '--output', this.#assembly], this.#environment),
    );
    const bootstrap = () =>
      this.#step(`Bootstrapping ${name}`, `Bootstrapped ${name}`, () => this.#cdk('bootstrap'));
    const deploy = () =>
      this.#step(`Deploying ${this.name} to ${name}`, `Deployed ${this.name} to ${name}`, () =>
        this.#cdk('deploy', '--require-approval', 'never', '--outputs-file', this.outputsFile),
      );
    if (isEmulator) {
      await bootstrap();
    }
    try {
      await deploy();
    } catch (error) {
      if (isEmulator || !(error instanceof CdkError && /bootstrap/i.test(error.words))) {
        throw error;
      }
      await bootstrap();
      await deploy();
    }
  }

  /** @throws {CdkError} when it can't be destroyed */
  async destroy(): Promise<void> {
    await this.#step(`Destroying ${this.name}`, `Destroyed ${this.name}`, () =>
      this.#cdk('destroy', '--force'),
    );
    this.forget();
  }

  /** Removes only the files. */
  forget(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #assembly(): string {
    return join(this.folder, 'assembly');
  }

  #cdk(...args: string[]): Promise<void> {
    return runCdk([...args, '--app', this.#assembly], this.#environment);
  }

  /** Shows the present step, and how long it took. */
  async #step(doing: string, done: string, act: () => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1);
    const show = this.#screen.progress(`${doing} …`);
    try {
      await act();
      show(`✓ ${done} (${seconds()} s)`);
    } catch (error) {
      show(`✗ ${doing} (${seconds()} s)`);
      throw error;
    }
  }
}
