import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const PROJECT_FOLDER = join(import.meta.dirname, '..');
const CHECK = './bin/check-node.cjs';

interface Manifest {
  readonly app: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

function readJson(file: string): Manifest {
  return JSON.parse(readFileSync(join(PROJECT_FOLDER, file), 'utf8'));
}

/** Loads the check as `npm start` does, into a Node that claims to have this version. */
function loadInto(version: string): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  const claim = `Object.defineProperty(process.versions, 'node', { value: '${version}' });`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--eval', `${claim} require('${CHECK}'); console.log('goes on')`],
    { cwd: PROJECT_FOLDER, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

describe('The check of the Node version', () => {
  it.each(['20.20.2', '22.21.0', '8.0.0'])('says which Node is needed instead of Node %s', (version) => {
    expect(loadInto(version)).toStrictEqual({
      status: 1,
      stdout: '',
      stderr: `This needs Node 24 or newer, and ${process.execPath} is Node ${version}: install Node 24 (https://nodejs.org), or let \`npm ci\`, without --ignore-scripts, install it for this project only.\n`,
    });
  });

  it.each(['24.0.0', '26.1.0'])('lets Node %s go on', (version) => {
    expect(loadInto(version)).toStrictEqual({ status: 0, stdout: 'goes on\n', stderr: '' });
  });

  it('comes first in every command that needs it', () => {
    const commands: string[] = [...Object.values(readJson('package.json').scripts), readJson('cdk.json').app];
    const unchecked = commands.filter(
      (command) => /\.ts\b|vitest|\bcdk\b/.test(command) && !command.startsWith(`node -r ${CHECK} `),
    );
    expect(unchecked).toStrictEqual([]);
    expect(commands.filter((command) => command.includes(CHECK)).length).toBeGreaterThan(20);
  });

  it('is not needed to install: the package that brings Node may fail', () => {
    const { dependencies, optionalDependencies } = readJson('package.json');
    expect([dependencies.node, optionalDependencies.node]).toStrictEqual([undefined, '24.21.0']);
  });
});
