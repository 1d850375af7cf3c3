/** Reads the manifest `stomp.toml`, in which a node of the network says where its STOMP servers are. */

import { parse, TomlError } from 'smol-toml';
import * as z from 'zod';
import type { StompAddress } from './peer.ts';
import { PeersError } from './peers-error.ts';

/** What manifests write where the ID of the node that connects is to stand. */
const NODE_ID_VARIABLE = '${' + 'NODE_ID}';

const HOST_LABEL = '(?!-)[A-Za-z0-9-]{1,63}(?<!-)';
const SERVER_FORM = new RegExp(`^(${HOST_LABEL}(?:\\.${HOST_LABEL})*\\.?):([0-9]{1,5})$`);
const HOST_MAX_LENGTH = 253;
const MAX_PORT = 65_535;

/** Header values of the network's STOMP are at most this long before they are escaped. */
const text = z
  .string({ error: 'must be a text' })
  .min(1, 'must not be empty')
  .max(500, 'must have 500 characters at most');

const manifestSchema = z.object(
  {
    servers: z
      .array(z.string({ error: 'must be a text' }).refine(isServer, 'must be host:port'), {
        error: 'must be a list of texts',
      })
      .min(1, 'must name a server'),
    host: text,
    destination: text,
    login: text.optional(),
    passcode: text.optional(),
    'accepted-content-types': z
      .array(z.string({ error: 'must be a text' }), { error: 'must be a list of texts' })
      .optional(),
  },
  { error: 'must be a table' },
);

/**
 * @param source the file's path, for messages, and its text
 * @param clientId the node that connects to the servers of the manifest
 * @throws {PeersError} for the first mistake
 */
export function parseManifest(
  source: { readonly file: string; readonly content: string },
  clientId: string,
): StompAddress {
  const { servers, host, destination, login, passcode } = parseToml(source, manifestSchema);
  const filled = (value: string): string => value.replaceAll(NODE_ID_VARIABLE, clientId);
  return {
    servers: servers.map((server) => {
      const [, name = '', port = ''] = SERVER_FORM.exec(server) ?? [];
      return { host: name, port: Number(port) };
    }),
    host: filled(host),
    destination: filled(destination),
    login: login === undefined ? undefined : filled(login),
    passcode,
  };
}

/**
 * The content of a TOML file of the given form.
 * @throws {PeersError} for the first mistake
 */
export function parseToml<Schema extends z.ZodType>(
  { file, content }: { readonly file: string; readonly content: string },
  schema: Schema,
): z.output<Schema> {
  let toml: unknown;
  try {
    toml = parse(content);
  } catch (error) {
    if (error instanceof TomlError) {
      throw new PeersError({ file, field: `line ${error.line}` }, 'is not TOML');
    }
    throw error;
  }
  const result = schema.safeParse(toml);
  if (!result.success) {
    const [issue] = result.error.issues as [z.core.$ZodIssue];
    const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    const field = [...issue.path, ...unknownKey].join('.') || 'the file';
    throw new PeersError({ file, field }, unknownKey.length > 0 ? 'is unknown' : issue.message);
  }
  return result.data;
}

function isServer(value: string): boolean {
  const [, host = '', port = ''] = SERVER_FORM.exec(value) ?? [];
  return host !== '' && host.length <= HOST_MAX_LENGTH && Number(port) >= 1 && Number(port) <= MAX_PORT;
}
