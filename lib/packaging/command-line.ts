/** `npm run pack`: compiles the client library to JavaScript with declarations and writes it as one installable file. */

import { PackagingError, packClient } from './pack-client.ts';

if (process.argv.length > 2) {
  console.log(`Writes the client library as one installable file, dist/swaptacular-client-VERSION.tgz.

  npm run pack                                   it has no options
`);
  process.exit(process.argv.includes('--help') ? 0 : 2);
}

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
