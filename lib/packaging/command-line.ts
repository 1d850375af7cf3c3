/** `npm run pack`: compiles the client library to JavaScript with declarations and writes it as one installable file. */

import { PackagingError, packClient } from './pack-client.ts';

try {
  const { file, fileCount, unpackedBytes } = packClient();
  console.log(`${file}: ${fileCount} files, ${unpackedBytes} bytes unpacked`);
} catch (error) {
  if (!(error instanceof PackagingError)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}
