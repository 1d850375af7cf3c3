import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleHandlers } from '../../lib/infrastructure/bundle.ts';
import { FUNCTION_NAMES } from '../../lib/infrastructure/functions.ts';
import { PEER_FILE } from '../../lib/infrastructure/peers/sender-folders.ts';
import { aPeer, synthesizeNetwork } from './peers/peer-templates.ts';
import { propertiesOf, synthesize } from './template.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MEGABYTE = 1_000_000;

const folder = mkdtempSync(join(tmpdir(), 'bundle-test-'));
const bundles = bundleHandlers(join(ROOT, 'functions'), FUNCTION_NAMES, join(folder, 'first'));
const template = synthesize({ syntheticPaymentMinutes: '5', auditHours: '24' });
const networkTemplates = Object.values(synthesizeNetwork([aPeer()]));
const environments = [template, ...networkTemplates].flatMap((each) =>
  Object.values(propertiesOf(each, 'AWS::Lambda::Function')).map(({ Environment }) => Environment.Variables),
);
// The stack of a peer puts it beside the bundle.
writeFileSync(join(bundles['send-to-peer'], PEER_FILE), '{"nodeId":"11111111"}');

afterAll(() => rmSync(folder, { recursive: true }));

describe.each(FUNCTION_NAMES)('The bundle of %s', (name) => {
  const file = join(bundles[name], 'index.mjs');

  it('is at most a megabyte', () => {
    expect(readFileSync(file).length).toBeLessThanOrEqual(MEGABYTE);
  });

  it('loads by itself with the environment that the stack gives it, and exports the handler', () => {
    const script = `console.log(Object.keys(await import(${JSON.stringify(file)})).join())`;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: folder,
      env: environmentOf(name),
      encoding: 'utf8',
    });
    expect(output).toBe('handler\n');
  });

  it('tells nothing of where it was built', () => {
    const text = readFileSync(file, 'utf8');
    expect([text.includes(ROOT), text.includes(folder)]).toStrictEqual([false, false]);
  });
});

describe('Bundling', () => {
  it('gives the same bytes wherever the bundles go', () => {
    const digests = ['here', 'else/where'].map((place) =>
      digestsOf(bundleHandlers(join(ROOT, 'functions'), FUNCTION_NAMES, join(folder, place))),
    );
    expect(digests[1]).toStrictEqual(digests[0]);
  });

  it('fails when a handler is missing', () => {
    expect(() => bundleHandlers(join(ROOT, 'functions'), ['no-such-handler'], folder)).toThrow(
      'no-such-handler',
    );
  });
});

function digestsOf(folders: Record<string, string>): string[] {
  return Object.values(folders).map((path) => hash('sha256', readFileSync(join(path, 'index.mjs'))));
}

function environmentOf(name: string): Record<string, string> {
  const environment = environments.find(
    ({ POWERTOOLS_SERVICE_NAME: service }) => service === name || service.startsWith(`${name}-`),
  );
  return { AWS_REGION: 'us-east-1', ...environment };
}
