/** One run of the command: its store, and a client for each role that it speaks for. */

import { type Client, openClient } from '../engine/client.ts';
import type { ClientOptions } from '../engine/client-options.ts';
import { listTexts } from '../engine/store-access.ts';
import type { Clock } from '../ports.ts';
import { type AccountKey, creditor, issuer, ownsAccount, printRole, type Role } from '../roles.ts';
import type { ClientStore } from '../stores/client-store.ts';
import type { AuthorityAccess, Connection } from './connection.ts';
import type { Output } from './output.ts';
import { parseRole } from './profile.ts';
import { UsageError } from './usage-error.ts';

/** What the verbs get. */
export interface SessionOptions {
  readonly output: Output;
  /** Whether results are JSON. */
  readonly isJson: boolean;
  /** The role of the profile or the flags. */
  readonly role: Role | undefined;
  readonly access: () => Promise<AuthorityAccess>;
  /** Aborted when the user's patience is over, with the reason. */
  readonly patience: AbortSignal;
  /** Aborted when the user interrupts. */
  readonly interrupted: AbortSignal;
  readonly clock: Clock;
  readonly readInput: (file: string) => Promise<string>;
  readonly post: (url: string, body: string, signal: AbortSignal) => Promise<void>;
}

/** Where a store remembers which roles the command has spoken for. */
const ROLES = 'swpt/roles';
/** So long the command waits at its end for a call that is under way. */
const REST_MS = 5_000;

/** A client and what it is connected by. */
interface OpenClient {
  readonly client: Client;
  readonly connection: Connection;
}

export class Session implements AsyncDisposable {
  readonly options: SessionOptions;
  #access: Promise<AuthorityAccess> | undefined;
  #store: Promise<ClientStore> | undefined;
  readonly #open: OpenClient[] = [];

  constructor(options: SessionOptions) {
    this.options = options;
  }

  get output(): Output {
    return this.options.output;
  }

  get patience(): AbortSignal {
    return this.options.patience;
  }

  get interrupted(): AbortSignal {
    return this.options.interrupted;
  }

  /** Made when it is first needed. */
  access(): Promise<AuthorityAccess> {
    this.#access ??= this.options.access();
    return this.#access;
  }

  /**
   * Whom to speak for in matters of the account: the role of the profile if it has the account, else the account's owner.
   * @throws {UsageError} where the profile's role does not have the account
   */
  roleFor(account: AccountKey): Role {
    const { role } = this.options;
    if (role !== undefined && role.kind !== 'coordinator' && !ownsAccount(role, account)) {
      throw new UsageError(
        `${printRole(role)} does not have the account ${account.debtorId}/${account.creditorId}; choose another role with --as.`,
      );
    }
    return role ?? (account.creditorId === 0n ? issuer(account.debtorId) : creditor(account.creditorId));
  }

  /** The profile's role, or all roles that the store knows. @throws {UsageError} where there are none */
  async roles(): Promise<readonly Role[]> {
    const { role } = this.options;
    if (role !== undefined) {
      return [role];
    }
    const known: Role[] = [];
    for await (const text of listTexts(await this.#openStore(), ROLES)) {
      known.push(parseRole(text));
    }
    if (known.length === 0) {
      throw new UsageError('Nothing is known yet: open an account first, as in swpt open 1/4294967297.');
    }
    return known;
  }

  /**
   * Whom to speak for in order to read what is known of the account. Nothing is made for an account that is not known.
   * @throws {UsageError} where neither the profile nor the store has its role
   */
  async knownRoleFor(account: AccountKey): Promise<Role> {
    const role = this.roleFor(account);
    const known = await this.roles();
    if (!known.some((one) => printRole(one) === printRole(role))) {
      throw unknownAccount(account);
    }
    return role;
  }

  /** A client of the role, which runs until the session ends. */
  async client(role: Role, options: Pick<ClientOptions, 'onMessage'> = {}): Promise<Client> {
    return (await this.#openClient(role, options)).client;
  }

  /** A client that has processed all messages which had come for it, and takes no more: for reading its records. */
  async restingClient(role: Role): Promise<Client> {
    const { client, connection } = await this.#openClient(role);
    await connection.catchUpAndRest(this.patience);
    return client;
  }

  /** A client that has processed all messages which had come for it. */
  async currentClient(role: Role): Promise<Client> {
    const { client, connection } = await this.#openClient(role);
    await connection.untilCaughtUp(this.patience);
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ending = AbortSignal.any([AbortSignal.timeout(REST_MS), this.interrupted]);
    await Promise.all(
      this.#open.map(async ({ client, connection }) => {
        await connection.rest(ending);
        await client.close();
      }),
    );
    // Where one of them could not be opened, whoever needed it has said so.
    await (await this.#store?.catch(() => undefined))?.[Symbol.asyncDispose]();
    await (await this.#access?.catch(() => undefined))?.[Symbol.asyncDispose]();
  }

  async #openClient(role: Role, options: Pick<ClientOptions, 'onMessage'> = {}): Promise<OpenClient> {
    const store = await this.#openStore();
    const connection = await (await this.access()).connect(role, this.patience);
    const text = printRole(role);
    const sort = encodeURIComponent(text);
    await store.write([{ partition: ROLES, sort, before: undefined, after: text }]);
    const { output, clock } = this.options;
    const client = await openClient({
      role,
      store,
      transport: connection.transport,
      clock,
      onWarning: (warning) => output.tell(`! ${warning}`),
      ...options,
    });
    const open = { client, connection };
    this.#open.push(open);
    return open;
  }

  #openStore(): Promise<ClientStore> {
    this.#store ??= this.access().then((access) => access.openStore());
    return this.#store;
  }
}

/** For an account of which nothing has been heard. */
export function unknownAccount({ debtorId, creditorId }: AccountKey): UsageError {
  const account = `${debtorId}/${creditorId}`;
  return new UsageError(
    `Nothing is known of the account ${account}; swpt accounts lists yours, and swpt open ${account} opens it.`,
  );
}
