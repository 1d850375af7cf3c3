/** The project's own files as text, for tests that hold the house style to them. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

export interface SourceFile {
  /** From the project's folder, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

export interface Import {
  readonly line: number;
  /** As it is written. */
  readonly specifier: string;
  /** The imported file's path where it is one of ours. */
  readonly target: string | undefined;
  /** The text between `import` and `from`. */
  readonly clause: string;
}

/** All files under the folders whose names end in one of the extensions. */
export function sourceFiles(
  folders: readonly string[],
  extensions: readonly string[] = ['.ts'],
): SourceFile[] {
  return folders
    .flatMap((folder) => filesUnder(folder))
    .filter((path) => extensions.some((extension) => path.endsWith(extension)))
    .map(sourceFile);
}

export function sourceFile(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path, text, lines: text.split('\n') };
}

/** The imports and re-exports of a file, static and dynamic. */
export function importsOf({ path, text }: SourceFile): Import[] {
  const pattern = /^(?:import|export)\s+([^'";]*?\s+from\s+)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;
  return [...text.matchAll(pattern)].map((match) => {
    const specifier = match[2] ?? match[3] ?? '';
    return {
      line: text.slice(0, match.index).split('\n').length,
      specifier,
      target: specifier.startsWith('.')
        ? posix.normalize(posix.join(posix.dirname(path), specifier))
        : undefined,
      clause: (match[1] ?? '').replace(/\s+from\s+$/, ''),
    };
  });
}

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      posix.join(folder, posix.relative(join(ROOT, folder), join(entry.parentPath, entry.name))),
    )
    .sort();
}
