/** The owner of one account, creditor or debtor: configures it, and now and then wants it deleted. */

import { SCHEDULED_FOR_DELETION_FLAG } from '../../../lib/protocol/constants.ts';
import { nextSeqnum } from '../../../lib/protocol/integers.ts';
import type { ConfigureAccount } from '../../../lib/protocol/messages.ts';
import { EPOCH, type Timestamp } from '../../../lib/protocol/timestamps.ts';
import { type AccountKey, isRootAccount } from '../../../lib/rules/account.ts';
import { Client, type ClientTools } from './client.ts';

/** What makes a configuration unacceptable, by whomever it is sent. */
export const WRONG_CONFIG_DATA: readonly string[] = [
  'nonsense',
  '{"type":"RootConfigData","rate":1000}',
  '{}',
];

const OTHER_FLAGS = [0, 2, 4096, -2147483648];

export class AccountHolder extends Client {
  readonly key: AccountKey;
  #lastTs: Timestamp = EPOCH;
  #seqnum: number;

  constructor(key: AccountKey, tools: ClientTools) {
    super(tools);
    this.key = key;
    this.#seqnum = tools.random.pick([0, 0, 2147483646, -3]);
  }

  /** Sends a configuration that can be applied. */
  configure({ wantsDeletion = false } = {}): void {
    const flags = this.random.pick(OTHER_FLAGS);
    this.#sendConfig({
      configFlags: wantsDeletion ? flags | SCHEDULED_FOR_DELETION_FLAG : flags & ~SCHEDULED_FOR_DELETION_FLAG,
      configData: isRootAccount(this.key) ? this.#rootConfigData() : '',
      negligibleAmount: this.#negligibleAmount(wantsDeletion),
    });
  }

  /** Sends a configuration that is refused. */
  configureWrongly(): void {
    this.#sendConfig({
      configFlags: 0,
      configData: this.random.pick(WRONG_CONFIG_DATA),
      negligibleAmount: 0,
    });
  }

  #sendConfig(config: Pick<ConfigureAccount, 'configFlags' | 'configData' | 'negligibleAmount'>): void {
    const isSameInstant = this.#lastTs > EPOCH && this.random.chance(0.3);
    this.#seqnum = nextSeqnum(this.#seqnum);
    this.#lastTs = isSameInstant ? this.#lastTs : this.now();
    this.send({
      type: 'ConfigureAccount',
      debtorId: this.key.debtorId,
      creditorId: this.key.creditorId,
      ...config,
      ts: this.#lastTs,
      seqnum: this.#seqnum,
    });
  }

  #negligibleAmount(wantsDeletion: boolean): number {
    const { random, features } = this;
    if (isRootAccount(this.key)) {
      // This bounds what a debtor may issue.
      return random.pick([1e6, 1e9, 1e30]) * (features.hugeAmounts > 0 ? 1e20 : 1);
    }
    if (wantsDeletion && random.chance(0.7)) {
      // Any remaining balance may be given up.
      return 1e12;
    }
    const extremes = features.hugeAmounts > 0 ? [5e-324, Number.MAX_VALUE, 2 ** 63] : [];
    return features.negligibleAmounts > 0 ? random.pick([0, 5, 49.5, 1000, ...extremes]) : 0;
  }

  #rootConfigData(): string {
    const { random, features } = this;
    // A later rate changes the rates of accounts that are already in use.
    const isFirst = this.#lastTs === EPOCH && random.chance(0.7);
    const rates = [
      ...(features.interest > 0 ? [5.5, 100, 0.001] : [0]),
      ...(features.negativeInterest > 0 ? [-50, -1.25] : []),
    ];
    const info = {
      type: 'DebtorInfo',
      iri: random.pick(['https://example.com/', 'urn:ž']),
      contentType: 'text/plain',
    };
    return JSON.stringify({
      type: 'RootConfigData',
      rate: isFirst ? 0 : random.pick(rates),
      ...(random.chance(0.3) && features.hugeAmounts === 0 && { limit: 1_000_000 }),
      ...(random.chance(0.5) && { info }),
    });
  }
}
