/**
 * The CDK app: reads options and settings once, bundles the handlers, declares the stack, and one for each peer. Both may be given in the
 * CDK context (`-c name=value`) or, under the variable's name, in the environment; the context comes first.
 */

import { join, resolve } from 'node:path';
import { AccountingStack } from '../lib/infrastructure/accounting-stack.ts';
import { createApp } from '../lib/infrastructure/app.ts';
import { bundleHandlers } from '../lib/infrastructure/bundle.ts';
import { FUNCTION_NAMES } from '../lib/infrastructure/functions.ts';
import { refuseMisspelledNames } from '../lib/infrastructure/known-names.ts';
import { InvalidOptionError, parseStackOptions } from '../lib/infrastructure/options.ts';
import { createImageFolder } from '../lib/infrastructure/peers/listener-image.ts';
import { ListenerStack, listenerStackName } from '../lib/infrastructure/peers/listener-stack.ts';
import { createPeerStacks } from '../lib/infrastructure/peers/peer-stacks.ts';
import { readNodeFolder } from '../lib/peers/node-folder.ts';
import { PeersError } from '../lib/peers/peers-error.ts';
import {
  checkSettings,
  InvalidSettingError,
  parseSettings,
  SETTING_DEFINITIONS,
  settingsToEnvironment,
} from '../lib/shell/settings.ts';

try {
  const app = createApp();
  const context = textsOf(app.node.getAllContext());
  const names = { variables: Object.keys(process.env), context: Object.keys(context) };
  refuseMisspelledNames(
    names,
    SETTING_DEFINITIONS.map(({ name }) => name),
  );
  const source = { ...process.env, ...context };
  const options = parseStackOptions(source);
  const settings = parseSettings(source);
  if (!options.allowsUnsafeSettings) {
    checkSettings(source);
  }
  const network =
    options.peersFolder === undefined ? undefined : readNodeFolder(resolve(options.peersFolder));
  const codeFolders = bundleHandlers(
    resolve(import.meta.dirname, '../functions'),
    FUNCTION_NAMES,
    join(app.outdir, 'bundles'),
  );
  const main = new AccountingStack(app, options.stackName, {
    options,
    settings: settingsToEnvironment(settings),
    sweepPeriods: {
      accountsSeconds: settings.accountsScanSeconds,
      transfersSeconds: settings.preparedTransfersScanSeconds,
    },
    codeFolders,
    authorityId: network?.nodeId,
  });
  if (network !== undefined) {
    if (options.hasStompListener) {
      const imageFolder = createImageFolder(resolve(import.meta.dirname), join(app.outdir, 'images'));
      new ListenerStack(app, listenerStackName(options.stackName), { options, imageFolder });
    }
    createPeerStacks(app, main, {
      network,
      options,
      settings: settingsToEnvironment(settings),
      senderBundle: codeFolders['send-to-peer'],
    });
  }
  app.synth();
} catch (error) {
  if (
    !(
      error instanceof InvalidOptionError ||
      error instanceof InvalidSettingError ||
      error instanceof PeersError
    )
  ) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}

function textsOf(context: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(context).map(([name, value]) => [name, String(value)]));
}
