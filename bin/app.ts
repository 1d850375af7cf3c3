/**
 * The CDK app: reads options and settings once, bundles the handlers, declares the one stack. Both may be given in the
 * CDK context (`-c name=value`) or, under the variable's name, in the environment; the context comes first.
 */

import { join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { AccountingStack, STACK_NAME } from '../lib/infrastructure/accounting-stack.ts';
import { BATCHING_PROFILES } from '../lib/infrastructure/batching-profiles.ts';
import { bundleHandlers } from '../lib/infrastructure/bundle.ts';
import { FUNCTION_NAMES } from '../lib/infrastructure/functions.ts';
import { InvalidOptionError, parseStackOptions } from '../lib/infrastructure/options.ts';
import { InvalidSettingError, parseSettings, settingsToEnvironment } from '../lib/shell/settings.ts';

try {
  const app = new App({
    // So that the template is the same whether the CDK CLI runs this file or the local run does.
    analyticsReporting: false,
    context: { 'aws:cdk:enable-asset-metadata': true, 'aws:cdk:enable-path-metadata': true },
  });
  const source = { ...process.env, ...textsOf(app.node.getAllContext()) };
  const options = parseStackOptions(source);
  const { accountUpdateDelaySeconds } = BATCHING_PROFILES[options.batchingProfile];
  const settings = parseSettings({
    APP_ACCOUNT_UPDATE_DELAY_SECONDS: `${accountUpdateDelaySeconds}`,
    ...source,
  });
  new AccountingStack(app, STACK_NAME, {
    options,
    settings: settingsToEnvironment(settings),
    codeFolders: bundleHandlers(
      resolve(import.meta.dirname, '../functions'),
      FUNCTION_NAMES,
      join(app.outdir, 'bundles'),
    ),
  });
  app.synth();
} catch (error) {
  if (!(error instanceof InvalidOptionError || error instanceof InvalidSettingError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function textsOf(context: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(context).map(([name, value]) => [name, String(value)]));
}
