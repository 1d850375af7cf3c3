/** The package's entry `./testing`: an authority in memory, for unit tests of programs that use the client. */

export { MemoryStore } from './stores/memory-store.ts';
export { type IgnoredMessage, TestAuthority, type TestAuthorityOptions } from './testing/test-authority.ts';
