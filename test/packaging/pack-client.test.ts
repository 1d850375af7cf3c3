/** The package as its users get it: installed into an empty folder, it pays in plain JavaScript and strict TypeScript, and has `swpt`. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Packed, packClient } from '../../lib/packaging/pack-client.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '../..');
const MODULES = join(PROJECT_FOLDER, 'node_modules');
const folder = mkdtempSync(join(tmpdir(), 'client-package-'));
const project = join(folder, 'project');
let packed: Packed;

beforeAll(() => {
  packed = packClient(join(folder, 'dist'));
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"type": "module", "private": true}');
  // The package's only dependency is taken from here, so that no registry is needed.
  run('npm', [
    'install',
    '--offline',
    '--no-audit',
    '--no-fund',
    '--install-links',
    packed.file,
    join(MODULES, 'zod'),
  ]);
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: project, encoding: 'utf8' });
  expect(`${status} ${stderr}${status === 0 ? '' : stdout}`).toMatch(/^0 /);
  return stdout;
}

/** A program of the documentation, which both languages share. */
function documentedProgram(name = 'pay'): string {
  const guide = readFileSync(join(PROJECT_FOLDER, 'docs/client.md'), 'utf8');
  const [, program = ''] = guide.split(`\`\`\`js ${name}.js\n`);
  return program.split('```')[0] ?? '';
}

describe('the package', () => {
  it('is small, and needs nothing of the stack', () => {
    expect(packed.unpackedBytes).toBeLessThan(1_000_000);
    const manifest = JSON.parse(
      readFileSync(join(project, 'node_modules/swaptacular-client/package.json'), 'utf8'),
    );
    expect(Object.keys(manifest.dependencies)).toStrictEqual(['zod']);
    expect(Object.keys(manifest.exports)).toStrictEqual(['.', './records', './client', './testing']);
    expect(manifest.bin).toStrictEqual({ swpt: 'client/command/program.js' });
  });

  it('has the command, with the verbs for clients and help for each', () => {
    const help = run('npx', ['swpt', '--help']);
    expect(help).toMatch(/^ {2}pay {9}.*^ {2}send {8}/ms);
    expect(help).not.toContain('balances');
    expect(run('npx', ['swpt', 'pay', '--help'])).toContain('swpt pay FROM TO AMOUNT [FLAGS]');
  });

  it('says which packages the command needs to reach an authority', () => {
    const { status, stdout, stderr } = spawnSync('npx', ['swpt', 'accounts'], {
      cwd: project,
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toStrictEqual({
      status: 2,
      stdout: '',
      stderr: 'The clients of AWS are missing: npm install @aws-sdk/client-sqs @aws-sdk/client-sns.\n',
    });
  });

  it('pays in the twenty lines of the documentation, as plain JavaScript', () => {
    const program = documentedProgram();
    expect(program.trim().split('\n').length).toBeLessThanOrEqual(20);
    writeFileSync(join(project, 'pay.js'), program);
    expect(run(process.execPath, ['pay.js'])).toBe('OK 250\n750\n');
  });

  it('pays in the same lines as strict TypeScript, with declarations that are checked too', () => {
    writeFileSync(join(project, 'pay.ts'), documentedProgram());
    writeFileSync(join(project, 'aws.ts'), documentedProgram('aws'));
    symlinkSync(join(MODULES, '@aws-sdk'), join(project, 'node_modules/@aws-sdk'));
    const compilerOptions = {
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
      target: 'es2024',
      module: 'nodenext',
      types: ['node'],
      typeRoots: [join(MODULES, '@types')],
    };
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['pay.ts', 'aws.ts'] }),
    );
    run(process.execPath, [join(MODULES, 'typescript/bin/tsc')]);
    expect(run(process.execPath, ['pay.ts'])).toBe('OK 250\n750\n');
  });

  it('is documented in JavaScript that Node 22 reads, which has no `await using`', () => {
    expect(documentedProgram('aws')).toContain('await openClient(');
    expect(documentedProgram('aws')).not.toContain('await using');
  });

  it('loads each of its entries by itself', () => {
    const entries = ['', '/records', '/client', '/testing'].map((entry) => `swaptacular-client${entry}`);
    for (const entry of entries) {
      run(process.execPath, [
        '-e',
        `import(${JSON.stringify(entry)}).then((all) => console.log(Object.keys(all)))`,
      ]);
    }
  });
});
