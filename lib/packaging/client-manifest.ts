/** The manifest of the client's package. It carries none of the stack's dependencies. */

/** What the package exports, and the file under `lib` that each export is, without its extension. */
export const CLIENT_ENTRIES = {
  '.': 'client/messages',
  './records': 'client/records',
  './client': 'client/client',
  './testing': 'client/testing',
} as const;

/** The commands that the package brings, and the file under `lib` that each is, without its extension. */
export const CLIENT_COMMANDS = { swpt: 'client/command/program' } as const;

interface RootManifest {
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * Handed in by users, so they choose the version; none is needed for the messages, the records and tests. The command
 * needs those for SQS and SNS once it reaches for an authority.
 */
const PEERS = ['@aws-sdk/client-dynamodb', '@aws-sdk/client-sns', '@aws-sdk/client-sqs'];

/** @param root the manifest of this project */
export function clientManifest({ version, license, dependencies }: RootManifest): object {
  return {
    name: 'swaptacular-client',
    version,
    description:
      'A client of the Swaptacular accounting authority that survives crashes and repeated messages',
    license,
    type: 'module',
    sideEffects: false,
    engines: { node: '>=22.13' },
    exports: Object.fromEntries(
      Object.entries(CLIENT_ENTRIES).map(([name, path]) => [
        name,
        { types: `./${path}.d.ts`, default: `./${path}.js` },
      ]),
    ),
    bin: Object.fromEntries(Object.entries(CLIENT_COMMANDS).map(([name, path]) => [name, `${path}.js`])),
    dependencies: { zod: dependencies.zod },
    peerDependencies: Object.fromEntries(PEERS.map((name) => [name, '^3.0.0'])),
    peerDependenciesMeta: Object.fromEntries(PEERS.map((name) => [name, { optional: true }])),
  };
}
