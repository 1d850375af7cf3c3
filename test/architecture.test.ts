/** The house style as a test: who may import what, what must not be where, and how files are named and opened. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, type SourceFile, sourceFile, sourceFiles } from './support/source-files.ts';

const SOURCES = sourceFiles(['lib', 'functions', 'bin'], ['.ts', '.tsx']);
const TESTS = sourceFiles(['test']);

/** What the files of one folder may import: paths of ours by their beginning, packages by their name. */
interface Allowance {
  readonly folder: string;
  readonly ours: readonly string[];
  readonly packages: readonly RegExp[];
}

const NODE = /^node:/;
const HANDLER_PACKAGES = [/^@middy\/core$/, /^@aws-lambda-powertools\//, /^aws-lambda$/];

/** The first row whose folder a file is in counts. */
const ALLOWANCES: readonly Allowance[] = [
  { folder: 'lib/protocol/', ours: ['lib/protocol/'], packages: [/^zod$/] },
  {
    // Generates documents; nothing that is deployed imports it.
    folder: 'lib/schemas/',
    ours: ['lib/schemas/', 'lib/protocol/'],
    packages: [/^node:(fs|path)$/, /^zod$/],
  },
  {
    folder: 'lib/rules/',
    ours: ['lib/rules/', 'lib/protocol/'],
    packages: [/^node:crypto$/],
  },
  {
    folder: 'lib/storage/',
    ours: ['lib/storage/', 'lib/rules/', 'lib/protocol/'],
    packages: [/^@aws-sdk\/client-dynamodb(-streams)?$/, /^@aws-sdk\/lib-dynamodb$/],
  },
  {
    folder: 'lib/shell/',
    ours: ['lib/shell/', 'lib/storage/', 'lib/rules/', 'lib/protocol/'],
    packages: [NODE, /^@aws-sdk\/client-(sqs|sns)$/],
  },
  {
    // Who may speak for whom, and the network's transport.
    folder: 'lib/peers/',
    ours: ['lib/peers/', 'lib/protocol/', 'lib/shell/batch-calls.ts'],
    packages: [NODE, /^@aws-sdk\/client-(s3|sqs)$/, /^smol-toml$/, /^zod$/],
  },
  {
    // As pure as the rules.
    folder: 'lib/operations/audit/checks/',
    ours: ['lib/operations/audit/checks/', 'lib/rules/', 'lib/protocol/'],
    packages: [],
  },
  {
    // Runs in the browser; of the console it takes only types.
    folder: 'lib/operations/console/page/',
    ours: ['lib/operations/console/page/', 'lib/operations/console/answers.ts'],
    packages: [/^preact(\/hooks)?$/],
  },
  {
    folder: 'lib/operations/console/',
    ours: ['lib/operations/', 'lib/shell/', 'lib/storage/', 'lib/rules/', 'lib/protocol/'],
    packages: [/^node:(crypto|fs|http|path|stream\/consumers)$/, /^@aws-sdk\/client-(sqs|sns)$/, /^esbuild$/],
  },
  {
    folder: 'lib/operations/',
    ours: ['lib/operations/', 'lib/peers/', 'lib/shell/', 'lib/storage/', 'lib/rules/', 'lib/protocol/'],
    packages: [
      /^node:(child_process|crypto|fs|path|sqlite|util|zlib)$/,
      /^@aws-sdk\/client-(cloudformation|cloudwatch|eventbridge|lambda|sqs|sns)$/,
    ],
  },
  {
    // Only what stands in for an authority in users' tests knows how one decides.
    folder: 'lib/client/testing/',
    ours: ['lib/client/', 'lib/rules/', 'lib/protocol/'],
    packages: [],
  },
  {
    // The only part of the client that has files, a terminal and AWS clients of its own.
    folder: 'lib/client/command/',
    ours: ['lib/client/', 'lib/protocol/'],
    packages: [NODE, /^@aws-sdk\/client-(sqs|sns)$/],
  },
  // AWS clients are handed in by whoever uses the library.
  {
    folder: 'lib/client/',
    ours: ['lib/client/', 'lib/protocol/'],
    packages: [/^node:sqlite$/],
  },
  {
    folder: 'lib/packaging/reference/',
    ours: ['lib/packaging/'],
    packages: [NODE, /^typedoc$/],
  },
  { folder: 'lib/packaging/', ours: ['lib/packaging/'], packages: [NODE] },
  {
    folder: 'lib/infrastructure/',
    ours: ['lib/infrastructure/', 'lib/peers/', 'lib/storage/table-schema.ts'],
    packages: [NODE, /^aws-cdk-lib(\/|$)/, /^constructs$/, /^esbuild$/],
  },
  // The rooms of the local run, each of which imports only those before it.
  {
    folder: 'lib/local/stack/',
    ours: ['lib/local/stack/', 'lib/local/start-error.ts'],
    packages: [NODE, /^zod$/],
  },
  {
    folder: 'lib/local/emulators/',
    ours: [
      'lib/local/emulators/',
      'lib/local/stack/',
      'lib/local/data-folder.ts',
      'lib/local/start-error.ts',
      'lib/local/stop-list.ts',
    ],
    packages: [NODE, /^fauxqs$/, /^zod$/],
  },
  {
    folder: 'lib/local/lambda/',
    ours: [
      'lib/local/lambda/',
      'lib/local/emulators/',
      'lib/local/stack/',
      'lib/local/stop-list.ts',
      'lib/shell/settings.ts',
    ],
    packages: [NODE, /^zod$/],
  },
  {
    // A client of the local run like any other.
    folder: 'lib/local/demo/',
    ours: ['lib/local/', 'lib/client/client.ts'],
    packages: [NODE, /^@aws-sdk\/client-(sqs|sns)$/],
  },
  {
    folder: 'lib/local/',
    ours: [
      'lib/local/',
      'lib/operations/console/',
      'lib/operations/progress.ts',
      'lib/peers/',
      'lib/protocol/json.ts',
      'lib/shell/settings.ts',
      'lib/storage/table-access.ts',
    ],
    packages: [NODE, /^@aws-sdk\/client-(sqs|sns)$/, /^fauxqs$/, /^zod$/],
  },
  {
    // Wiring: clients are made here, and what Lambda hands over is read.
    folder: 'functions/runtime/',
    ours: ['functions/runtime/', 'lib/peers/', 'lib/shell/', 'lib/storage/'],
    packages: [NODE, /^@aws-sdk\/client-(dynamodb|secrets-manager|sqs|sns)$/, ...HANDLER_PACKAGES],
  },
  {
    folder: 'functions/',
    ours: ['functions/runtime/', 'lib/operations/audit/', 'lib/peers/', 'lib/shell/'],
    packages: HANDLER_PACKAGES,
  },
  {
    folder: 'bin/',
    ours: [
      'lib/infrastructure/',
      'lib/peers/command-line.ts',
      'lib/peers/node-folder.ts',
      'lib/peers/peers-error.ts',
      'lib/shell/settings.ts',
      'lib/client/command/command-line.ts',
      'lib/local/command-line.ts',
      'lib/local/demo/command-line.ts',
      'lib/operations/command-line.ts',
      'lib/schemas/command-line.ts',
      'lib/packaging/command-line.ts',
      'lib/packaging/reference/command-line.ts',
      'test/bench/command-line.ts',
      'test/simulation/command-line.ts',
    ],
    packages: [/^node:path$/],
  },
];

describe('imports', () => {
  it('are those that the folder may have', () => {
    const forbidden = SOURCES.flatMap((file) => {
      const allowance = ALLOWANCES.find(({ folder }) => file.path.startsWith(folder));
      return importsOf(file)
        .filter(({ specifier, target }) =>
          target === undefined
            ? !allowance?.packages.some((pattern) => pattern.test(specifier))
            : !allowance?.ours.some((start) => target.startsWith(start)),
        )
        .map(({ line, specifier }) => `${file.path}:${line} must not import ${specifier}`);
    });
    expect(forbidden).toStrictEqual([]);
  });

  it('of commands in bin/ are one door each; bin/app.ts opens none, bin/swpt.ts joins two', () => {
    const isDoor = (target: string): boolean => target.endsWith('/command-line.ts');
    const wrong = filesIn('bin/').filter((file) => {
      const targets = importsOf(file).flatMap(({ target }) => target ?? []);
      return file.path === 'bin/app.ts'
        ? targets.some(isDoor)
        : targets.length !== (file.path === 'bin/swpt.ts' ? 2 : 1) || !targets.every(isDoor);
    });
    expect(wrong.map(({ path }) => path)).toStrictEqual([]);
  });

  it('of ours name a file that exists, with its extension', () => {
    const dangling = [...SOURCES, ...TESTS].flatMap((file) =>
      importsOf(file)
        .filter(
          ({ target }) => target !== undefined && !existsSync(resolve(import.meta.dirname, '..', target)),
        )
        .map(({ line, specifier }) => `${file.path}:${line} imports ${specifier}`),
    );
    expect(dangling).toStrictEqual([]);
  });

  it('of node:crypto in the rules take nothing but createHash, which is pure', () => {
    const others = filesIn('lib/rules/').flatMap((file) =>
      importsOf(file)
        .filter(({ specifier, clause }) => specifier === 'node:crypto' && clause !== '{ createHash }')
        .map(({ line, clause }) => `${file.path}:${line} imports ${clause}`),
    );
    expect(others).toStrictEqual([]);
  });

  it('never go round in a circle', () => {
    expect(circlesOf(SOURCES)).toStrictEqual([]);
  });

  it('are recognised whatever their form', () => {
    const text = [
      "import { a } from '../a.ts';",
      "import type { b } from './b.ts';",
      'import {\n  c,\n  d,\n} from "x";'.replaceAll('"', "'"),
      "import './e.ts';",
      "export { f } from './f.ts';",
      "const g = await import('./support/source-files.ts');",
    ].join('\n');
    const found = importsOf({ path: 'lib/rules/x.ts', text, lines: text.split('\n') });
    expect(found.map(({ line, target, specifier }) => `${line} ${target ?? specifier}`)).toStrictEqual([
      '1 lib/a.ts',
      '2 lib/rules/b.ts',
      '3 x',
      '7 lib/rules/e.ts',
      '8 lib/rules/f.ts',
      '9 lib/rules/support/source-files.ts',
    ]);
  });
});

describe('what is decided', () => {
  const PURE_FOLDERS = ['lib/protocol/', 'lib/rules/', 'lib/operations/audit/checks/', 'lib/client/records/'];
  /** Each with the reason why it has no place there. */
  const IMPURE: readonly (readonly [RegExp, string])[] = [
    [/\bDate\.now\b|\bnew Date\(\)|\bperformance\b|\bTemporal\.Now\b/, 'reads a clock'],
    [/\bMath\.random\b|\brandom(?:UUID|Bytes|Int)\b/, 'is random'],
    [/\bprocess\.|\bglobalThis\b|\bimport\.meta\b/, 'reads the environment'],
    [/\basync\b|\bawait\b|\bPromise\b|\bset(?:Timeout|Interval|Immediate)\b/, 'waits'],
    [/\bconsole\.|\bfetch\(/, 'talks to the world'],
  ];

  it('is decided, and audited, without clock, randomness, environment, waiting or talking', () => {
    const impure = PURE_FOLDERS.flatMap(filesIn).flatMap((file) =>
      codeLines(file).flatMap(([line, text]) =>
        IMPURE.filter(([pattern]) => pattern.test(text)).map(
          ([, reason]) => `${file.path}:${line} ${reason}: ${text}`,
        ),
      ),
    );
    expect(impure).toStrictEqual([]);
  });

  it('is decided in the rules: the shell and the handlers choose no status codes', () => {
    const { text } = sourceFile('lib/protocol/status-codes.ts');
    const codes = [...text.matchAll(/'([A-Z_]{3,})'/g)].map(([, code]) => `'${code}'`);
    const chosen = [...filesIn('lib/shell/'), ...filesIn('functions/')].flatMap((file) =>
      codeLines(file)
        .filter(([, line]) => codes.some((code) => line.includes(code)))
        .map(([line, code]) => `${file.path}:${line} chooses a status code: ${code}`),
    );
    expect(chosen).toStrictEqual([]);
  });
});

describe('files', () => {
  const NAMELESS = /(^|[/.-])(index|utils?|helpers?|common|misc)(\.test)?\.ts$/;

  it('are named after what lives in them', () => {
    const paths = [...SOURCES, ...TESTS].map(({ path }) => path);
    expect(paths.filter((path) => NAMELESS.test(path))).toStrictEqual([]);
    expect(paths.filter((path) => !/^[a-z0-9/.-]+$/.test(path))).toStrictEqual([]);
  });

  it('open with a comment on what lives here', () => {
    const silent = [...SOURCES, ...sourceFiles(['test/support'])].filter(
      ({ text }) => !/^(#!.*\n+)?\/\*\*/.test(text),
    );
    expect(silent.map(({ path }) => path)).toStrictEqual([]);
  });

  it('of source have 300 lines at most', () => {
    const long = SOURCES.filter(({ lines }) => lines.length > 301);
    expect(long.map(({ path, lines }) => `${path} has ${lines.length - 1} lines`)).toStrictEqual([]);
  });

  it('speak of nothing to be done later, and of no machine', () => {
    const TEXTS = ['.ts', '.md', '.json', '.mjs', '.yml', '.yaml', '.sh'];
    const forbidden = /\b(TODO|FIXME|XXX|HACK)\b|(^|[\s"'`(=])\/(home|root|Users|work)\//;
    const own = 'test/architecture.test.ts';
    const found = [
      ...sourceFiles(['lib', 'functions', 'bin', 'test', 'docs', 'examples'], TEXTS),
      ...topLevelFiles(),
    ]
      .filter(({ path }) => path !== own)
      .flatMap(({ path, lines }) =>
        lines.flatMap((line, index) => (forbidden.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
      );
    expect(found).toStrictEqual([]);
  });
});

function filesIn(folder: string): SourceFile[] {
  return SOURCES.filter(({ path }) => path.startsWith(folder));
}

function topLevelFiles(): SourceFile[] {
  const documents = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];
  const names = [...documents, 'package.json', 'cdk.json', 'biome.json', 'tsconfig.json'];
  return names.filter((name) => existsSync(resolve(import.meta.dirname, '..', name))).map(sourceFile);
}

/** The lines that are not comments, with their numbers. */
function codeLines({ lines }: SourceFile): (readonly [number, string])[] {
  return lines
    .map((line, index) => [index + 1, line.trim()] as const)
    .filter(([, line]) => !/^(\/\/|\/\*|\*)/.test(line));
}

/** Each circle once, as the paths along it. */
function circlesOf(files: readonly SourceFile[]): string[] {
  const targets = new Map(
    files.map((file) => [file.path, importsOf(file).flatMap(({ target }) => target ?? [])]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      return;
    }
    if (!done.has(path)) {
      for (const target of targets.get(path) ?? []) {
        visit(target, [...trail, path]);
      }
      done.add(path);
    }
  };
  for (const { path } of files) {
    visit(path, []);
  }
  return circles;
}
