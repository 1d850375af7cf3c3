/** Reads `aws-peers.toml`, which lists the peers that use their queues themselves, from inside AWS. */

import * as z from 'zod';
import type { IdRange } from './id-range.ts';
import { parseToml } from './manifest.ts';
import { NODE_ID_FORM, parseNodeType, parseRange } from './node-files.ts';
import type { Peer } from './peer.ts';
import { PeersError } from './peers-error.ts';

const PRINCIPAL_FORM = /^arn:[a-z-]+:iam::[0-9]{12}:(root|(role|user)\/[A-Za-z0-9+=,.@_/-]+)$/;

const word = z.string({ error: 'must be a text' });
const fileSchema = z.strictObject({
  peers: z.record(
    z.string(),
    z.strictObject(
      {
        type: word,
        range: word,
        principals: z
          .array(word.regex(PRINCIPAL_FORM, 'must be the ARN of an account (…:root), a role or a user'), {
            error: 'must be a list of ARNs',
          })
          .min(1, 'must name a principal'),
        state: z.enum(['pending', 'active', 'deactivated'], {
          error: 'must be pending, active or deactivated',
        }),
      },
      { error: 'must be a table' },
    ),
    { error: 'must be a table' },
  ),
});

/**
 * @param source the file's path, for messages, and its text
 * @throws {PeersError} for the first mistake
 */
export function parseAwsPeers(
  source: { readonly file: string; readonly content: string },
  authorityRange: IdRange,
): readonly Peer[] {
  const { peers } = parseToml(source, fileSchema);
  return Object.entries(peers).map(([nodeId, { type: typeText, range: rangeText, principals, state }]) => {
    const at = (field: string) => ({ file: source.file, field: `peers.${nodeId}${field}` });
    if (!NODE_ID_FORM.test(nodeId)) {
      throw new PeersError(at(''), 'must be named by 8 to 32 lower-case hexadecimal digits');
    }
    const type = parseNodeType(typeText, at('.type'));
    if (type === 'accounting-authority') {
      throw new PeersError(at('.type'), 'must be Creditors Agents or Debtors Agents');
    }
    const range = parseRange({ type, authorityRange }, rangeText, at('.range'));
    return { nodeId, type, range, authorityRange, state, reach: { kind: 'aws', principals } };
  });
}
