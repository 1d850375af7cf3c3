/** Makes the client's package: compiled code, a manifest of its own, the documentation and the licence. */

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CLIENT_COMMANDS, CLIENT_ENTRIES, clientManifest } from './client-manifest.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '../..');

export interface Packed {
  /** The path of the file. */
  readonly file: string;
  readonly fileCount: number;
  readonly unpackedBytes: number;
}

/** A program of the build that failed, with what it said. */
export class PackagingError extends Error {
  override readonly name = 'PackagingError';
}

/** @param folder where the package is put together and written; what was there of a former run is replaced */
export function packClient(folder: string = join(PROJECT_FOLDER, 'dist')): Packed {
  const content = join(folder, 'client');
  rmSync(content, { recursive: true, force: true });
  mkdirSync(content, { recursive: true });
  compile(content);
  const root = JSON.parse(readFileSync(join(PROJECT_FOLDER, 'package.json'), 'utf8'));
  writeFileSync(join(content, 'package.json'), `${JSON.stringify(clientManifest(root), undefined, 2)}\n`);
  copyFileSync(join(PROJECT_FOLDER, 'docs/client.md'), join(content, 'README.md'));
  copyFileSync(join(PROJECT_FOLDER, 'LICENSE'), join(content, 'LICENSE'));
  const [packed] = JSON.parse(run('npm', ['pack', content, '--json', '--pack-destination', folder]));
  return {
    file: join(folder, packed.filename),
    fileCount: packed.entryCount,
    unpackedBytes: packed.unpackedSize,
  };
}

/** TypeScript does not run from `node_modules`, and users need declarations. */
function compile(content: string): void {
  const config = join(content, 'tsconfig.json');
  const options = {
    extends: join(PROJECT_FOLDER, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: join(PROJECT_FOLDER, 'lib'),
      outDir: content,
      typeRoots: [join(PROJECT_FOLDER, 'node_modules/@types')],
    },
    files: [...Object.values(CLIENT_ENTRIES), ...Object.values(CLIENT_COMMANDS)].map((name) =>
      join(PROJECT_FOLDER, 'lib', `${name}.ts`),
    ),
    include: [],
  };
  writeFileSync(config, JSON.stringify(options));
  run(process.execPath, [join(PROJECT_FOLDER, 'node_modules/typescript/bin/tsc'), '--project', config]);
  rmSync(config);
}

/** The standard output of a program that must succeed. */
function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: PROJECT_FOLDER,
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new PackagingError(`${command} ${args.join(' ')} failed.\n${stdout ?? ''}${stderr ?? ''}`, {
      cause: error,
    });
  }
  return stdout;
}
