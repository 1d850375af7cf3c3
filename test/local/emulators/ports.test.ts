import { describe, expect, it } from 'vitest';
import { listenOn, PortTakenError } from '../../../lib/local/emulators/ports.ts';

const TAKEN = Object.assign(new Error('taken'), { code: 'EADDRINUSE' });

describe('A port', () => {
  it('that is taken is named together with its flag', () => {
    expect(new PortTakenError(4566, '--port').message).toBe(
      'Port 4566 is taken; choose another one with --port N (0 picks a free one).',
    );
  });

  it('that is taken is an error at once', async () => {
    const tried: number[] = [];
    const listening = listenOn({ port: 8000, flag: '--dynamodb-port', patienceMs: 0 }, async (port) => {
      tried.push(port);
      throw TAKEN;
    });
    await expect(listening).rejects.toThrow(new PortTakenError(8000, '--dynamodb-port'));
    expect(tried).toStrictEqual([8000]);
  });

  it('is waited for when whoever has it is about to end', async () => {
    const tried: number[] = [];
    const result = await listenOn({ port: 8000, flag: '--port', patienceMs: 10_000 }, async (port) => {
      tried.push(port);
      if (tried.length < 3) {
        throw TAKEN;
      }
      return 'listening';
    });
    expect([result, tried]).toStrictEqual(['listening', [8000, 8000, 8000]]);
  });

  it('is another free one when somebody was faster', async () => {
    const tried: number[] = [];
    await listenOn({ port: 0, flag: '--port', patienceMs: 0 }, async (port) => {
      tried.push(port);
      if (tried.length < 2) {
        throw TAKEN;
      }
    });
    expect(tried.length).toBe(2);
    expect(tried).not.toContain(0);
  });

  it('is not tried again after another error', async () => {
    const listening = listenOn({ port: 0, flag: '--port', patienceMs: 10_000 }, async () => {
      throw new Error('no rights');
    });
    await expect(listening).rejects.toThrow(new Error('no rights'));
  });
});
