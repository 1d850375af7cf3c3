/** Writes zip files without compression. The same files give the same bytes, so that a signature stays valid. APPNOTE 6.3, 4.3. */

import { crc32 } from 'node:zlib';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
/** Of the format that has folders. */
const VERSION = 20;
const UTF8_NAMES = 0x0800;
/** 1980-01-01, the first day that the format knows. */
const DATE = 0x0021;
/** Readable by all, in the form in which Unix writes it. */
const FILE_MODE = 0o100644 * 0x10000;
const MADE_ON_UNIX = 0x0300;

/** @param files contents by name, with `/` between folders; fewer than 65,536, and less than 4 GiB together */
export function zip(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const nameBytes = Buffer.from(name);
    const common = commonFields(nameBytes, content);
    const local = Buffer.concat([uint32(LOCAL_HEADER), common, nameBytes, content]);
    locals.push(local);
    const rest = [uint16(0, 0, 0), uint32(FILE_MODE, offset)];
    centrals.push(
      Buffer.concat([uint32(CENTRAL_HEADER), uint16(MADE_ON_UNIX + VERSION), common, ...rest, nameBytes]),
    );
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const counts = uint16(0, 0, centrals.length, centrals.length);
  return Buffer.concat([...locals, central, uint32(END), counts, uint32(central.length, offset), uint16(0)]);
}

/** What both headers of a file have, up to the length of its extra field, which is 0. */
function commonFields(name: Uint8Array, content: Uint8Array): Buffer {
  return Buffer.concat([
    uint16(VERSION, UTF8_NAMES, 0, 0, DATE),
    uint32(crc32(content), content.length, content.length),
    uint16(name.length, 0),
  ]);
}

function uint16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) {
    bytes.writeUInt16LE(value, 2 * index);
  }
  return bytes;
}

function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) {
    bytes.writeUInt32LE(value, 4 * index);
  }
  return bytes;
}
