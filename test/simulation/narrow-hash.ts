/**
 * Lets transfer IDs collide. With 63 bits of a hash that never happens; so while a world wants it, the hash of a request has
 * only a few bits. It is narrowed where Node hands it out, since the code under test has no switch for it.
 */

import type { BinaryLike, Hash } from 'node:crypto';
import { createRequire, syncBuiltinESMExports } from 'node:module';

const crypto = createRequire(import.meta.url)('node:crypto') as { createHash: (algorithm: string) => Hash };
const createHash = crypto.createHash;
/** What the hash of a request's ID is made from begins with. */
const OF_REQUESTS = 'request\n';

/** @param bits of each transfer ID from now on; 0 for as many as there are */
export function narrowTransferIds(bits: number): void {
  crypto.createHash =
    bits === 0 ? createHash : (algorithm) => narrowed(createHash(algorithm), BigInt(Math.round(bits)));
  syncBuiltinESMExports();
}

function narrowed(hash: Hash, bits: bigint): Hash {
  let isOfRequest = false;
  const proxy = {
    update: (data: BinaryLike) => {
      isOfRequest ||= typeof data === 'string' && data.startsWith(OF_REQUESTS);
      hash.update(data);
      return proxy;
    },
    digest: () => {
      const digest = hash.digest();
      if (isOfRequest) {
        digest.writeBigUInt64BE(digest.readBigUInt64BE() % (1n << (bits + 1n)));
      }
      return digest;
    },
  };
  return proxy as unknown as Hash;
}
