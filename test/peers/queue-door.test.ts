import { describe, expect, it } from 'vitest';
import { queueDoor } from '../../lib/peers/queue-door.ts';
import { parsePeerQueue, peerQueueNames } from '../../lib/peers/queue-names.ts';
import { parseIncomingMessage } from '../../lib/protocol/codec.ts';
import { configureAccount } from './support/test-peer.ts';

const NAMES = { stackName: 'Stack', authorityId: '1234abcd' };
/** 2027-01-15T08:00:00Z. */
const NOW = 1_800_000_000_000_000n;
const arnOf = (name: string): string => `arn:aws:sqs:us-east-1:111122223333:${name}`;

describe('The name of the queue that a peer fills', () => {
  it.each([
    ['creditors-agent', '000002', 'Stack-peer-0123abcd-ca-000002-in'],
    ['debtors-agent', '1234abcd00', 'Stack-peer-0123abcd-da-1234abcd00-in'],
  ] as const)('says who a %s is', (type, digits, name) => {
    const range = { digits };
    expect(peerQueueNames('Stack', { nodeId: '0123abcd', type, range }).incoming).toBe(name);
    expect(parsePeerQueue(name, NAMES)).toStrictEqual({
      nodeId: '0123abcd',
      responsibility: { type, range, authorityRange: { digits: '1234abcd' } },
      refused: 'Stack-peer-0123abcd-refused',
    });
  });

  it('is short enough for the default stack and any peer', () => {
    const names = peerQueueNames('SwaptacularAccounts', {
      nodeId: '0'.repeat(32),
      type: 'debtors-agent',
      range: { digits: '0'.repeat(16) },
    });
    expect(Math.max(...Object.values(names).map(({ length }) => length))).toBe(80);
  });

  it('is none of the names of its other queues, nor of a queue of another stack', () => {
    const { incoming, ...others } = peerQueueNames('Stack', {
      nodeId: '0123abcd',
      type: 'creditors-agent',
      range: { digits: '000002' },
    });
    for (const name of [...Object.values(others), `${incoming}-2`, 'Stack-peer-x-ca-000002-in']) {
      expect(() => parsePeerQueue(name, NAMES)).toThrow(RangeError);
    }
    expect(parsePeerQueue('Other-peer-0123abcd-ca-000002-in', NAMES)).toBeUndefined();
    expect(parsePeerQueue('Stack-Incoming1234', NAMES)).toBeUndefined();
  });
});

describe('The second door', () => {
  const door = queueDoor(NAMES);
  const message = parseIncomingMessage(configureAccount());

  it('admits what the peer of the queue may send, and nothing else', () => {
    const answer = (name: string): string | undefined => door.admit(arnOf(name), message, NOW);
    expect(answer('Stack-peer-0123abcd-ca-000002-in')).toBeUndefined();
    expect(answer('Stack-peer-0123abcd-ca-000003-in')).toBe(
      "creditor_id: must be one of this creditors agent's, which begin with 000003",
    );
    expect(answer('Stack-peer-0123abcd-da-1234abcd00-in')).toBe(
      'creditor_id: must be 0 when a debtors agent sends it',
    );
  });

  it("lets the operator's own queue be", () => {
    expect(door.admit(arnOf('Stack-Incoming1234'), message, NOW)).toBeUndefined();
    expect(door.refusedQueueOf(arnOf('Stack-Incoming1234'))).toBeUndefined();
    expect(door.refusedQueueOf(arnOf('Stack-peer-0123abcd-ca-000002-in'))).toBe(
      'Stack-peer-0123abcd-refused',
    );
  });

  it('admits nothing when nobody can say who sent it', () => {
    for (const arn of [undefined, '', arnOf('Stack-peer-0123abcd-out')]) {
      expect(() => door.admit(arn, message, NOW)).toThrow(RangeError);
    }
  });
});
