/** A client that does not follow the protocol: it sends invalid messages, and valid ones that make no sense. */

import { printMessage } from '../../../lib/protocol/codec.ts';
import { MAX_INT64 } from '../../../lib/protocol/integers.ts';
import type {
  ConfigureAccount,
  FinalizeTransfer,
  OutgoingMessage,
  PreparedTransfer,
  PrepareTransfer,
} from '../../../lib/protocol/messages.ts';
import { EPOCH, MAX_TIMESTAMP, MIN_TIMESTAMP } from '../../../lib/protocol/timestamps.ts';
import type { AccountKey } from '../../../lib/rules/account.ts';
import { Client, type ClientTools } from './client.ts';

export class Troublemaker extends Client {
  readonly #accounts: readonly AccountKey[];
  readonly #overheard: PreparedTransfer[] = [];
  #count = 0n;

  constructor(accounts: readonly AccountKey[], tools: ClientTools) {
    super(tools);
    this.#accounts = accounts;
    tools.correspondence.subscribe((message) => this.#overhear(message));
  }

  /** Sends a body that must end in the dead-letter queue. */
  sendMalformed(): void {
    const prepare = printMessage(this.#prepare());
    const finalize = printMessage(this.#finalize());
    this.#count += 1n;
    const bodies = [
      `not json ${this.#count}`,
      `[${this.#count}]`,
      `{"type":"Unknown${this.#count}"}`,
      prepare.replace(/"min_locked_amount":\d+/, '"min_locked_amount":-1'),
      prepare.replace(/"max_locked_amount":\d+/, '"max_locked_amount":9223372036854775808'),
      prepare.replace('"coordinator_type":"direct"', '"coordinator_type":"interest"'),
      prepare.replace(/"ts":"[^"]*"/, '"ts":"yesterday"'),
      prepare.replace(/,"recipient":"[^"]*"/, ''),
      finalize.replace(/"committed_amount":\d+/, '"committed_amount":1.0'),
      finalize
        .replace(/"committed_amount":\d+/, '"committed_amount":1')
        .replace(/"transfer_note":"[^"]*"/, `"transfer_note":"${'ž'.repeat(251)}"`),
    ];
    const { correspondence, queue, chaos } = this.tools;
    if (this.random.chance(0.4)) {
      chaos.count('falseIdentities');
      correspondence.sendText(this.#falseIdentity(), undefined, queue);
      return;
    }
    correspondence.sendText(this.random.pick(bodies), undefined, queue);
  }

  /** A request under the name of a coordinator that its sender can't have. */
  #falseIdentity(): string {
    const { random } = this;
    const message = this.#prepare();
    const { creditorId, debtorId } = message;
    return printMessage({
      ...message,
      ...random.pick([
        { coordinatorId: creditorId ^ 1n },
        { coordinatorType: 'issuing', coordinatorId: debtorId ^ 1n },
        {
          coordinatorType: 'issuing',
          coordinatorId: debtorId,
          creditorId: creditorId === 0n ? 1n : creditorId,
        },
        { coordinatorType: 'agent', coordinatorId: creditorId ^ (1n << 50n) },
        { coordinatorType: 'agent', coordinatorId: 5n, creditorId: 7n },
        { coordinatorType: 'delete' },
      ]),
    });
  }

  /** Sends a well-formed message that no client should send. */
  sendNonsense(): void {
    this.send(this.random.pick([() => this.#prepare(), () => this.#finalize(), () => this.#configure()])());
  }

  #overhear(message: OutgoingMessage): void {
    if (message.type === 'PreparedTransfer') {
      this.#overheard.push(message);
      if (this.random.chance(this.features.misbehaving / 2)) {
        this.send(this.#finalize());
      }
    }
  }

  #account(): AccountKey {
    const { debtorId, creditorId } = this.random.pick(this.#accounts);
    return this.random.chance(0.2)
      ? { debtorId, creditorId: BigInt.asIntN(64, creditorId + 77n) }
      : { debtorId, creditorId };
  }

  #prepare(): PrepareTransfer {
    const { random } = this;
    const { debtorId, creditorId } = this.#account();
    this.#count += 1n;
    return {
      type: 'PrepareTransfer',
      debtorId,
      creditorId,
      coordinatorType: 'direct',
      coordinatorId: creditorId,
      coordinatorRequestId: this.#count + 1_000_000n,
      minLockedAmount: random.pick([0n, 1n, MAX_INT64]),
      maxLockedAmount: MAX_INT64,
      recipient: random.pick(['', '01', 'nobody', '18446744073709551616', '0', creditorId.toString()]),
      finalInterestRateTs: random.pick([EPOCH, MIN_TIMESTAMP, MAX_TIMESTAMP]),
      maxCommitDelay: 0,
      ts: random.pick([EPOCH, MIN_TIMESTAMP, MAX_TIMESTAMP, this.now()]),
    };
  }

  /** Finalizes somebody else's transfer, sometimes with one identifying field wrong. */
  #finalize(): FinalizeTransfer {
    const { random } = this;
    const target = this.#overheard.length > 0 ? random.pick(this.#overheard) : undefined;
    const wrong = random.between(0, 4);
    const { debtorId, creditorId } = target ?? this.#account();
    return {
      type: 'FinalizeTransfer',
      debtorId,
      creditorId: creditorId ^ (wrong === 1 ? 1n : 0n),
      transferId: (target?.transferId ?? random.int64()) ^ (wrong === 2 ? 1n : 0n),
      coordinatorType: target?.coordinatorType ?? 'direct',
      coordinatorId: (target?.coordinatorId ?? creditorId) ^ (wrong === 3 ? 1n : 0n),
      coordinatorRequestId: (target?.coordinatorRequestId ?? 1n) ^ (wrong === 4 ? 1n : 0n),
      committedAmount: random.pick([0n, 1n, target?.lockedAmount ?? 5n, MAX_INT64]),
      transferNote: '',
      transferNoteFormat: '',
      ts: random.pick([this.now(), EPOCH, MAX_TIMESTAMP]),
    };
  }

  #configure(): ConfigureAccount {
    const { random } = this;
    const { debtorId, creditorId } = this.#account();
    return {
      type: 'ConfigureAccount',
      debtorId,
      creditorId,
      negligibleAmount: random.pick([0, 5e-324, 1e300]),
      configFlags: random.pick([0, 1, -1]),
      configData: random.pick(['', '', 'nonsense']),
      // Never in the future, or nobody else could configure the account any more.
      ts: random.pick([MIN_TIMESTAMP, EPOCH, this.now() - 1_000_000n]),
      seqnum: random.between(-5, 5),
    };
  }
}
