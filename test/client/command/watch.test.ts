/** `swpt watch`: what happens from now on, shown or forwarded, until it is interrupted. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { CommandLines } from './support/command-lines.ts';

const PAY = 'pay 1/4294967297 1/4294967298 250 --note bread --key order-7';

/** The command while it watches. */
async function watching(swpt: CommandLines, line: string) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const printed: string[] = [];
  const told: string[] = [];
  const ended = swpt.run(line, {
    output: { print: (text) => printed.push(text), tell: (text) => told.push(text), flushed: async () => {} },
    interrupted: stop.signal,
  });
  await expect.poll(() => told).toStrictEqual(['Watching; Ctrl-C ends it.']);
  return {
    printed,
    told,
    stop: async () => {
      stop.abort();
      return (await ended).exitCode;
    },
  };
}

describe('swpt watch', () => {
  it('shows entries and accounts as they change, until it is interrupted', async () => {
    const swpt = new CommandLines();
    await swpt.openCurrency();
    const { printed, stop } = await watching(swpt, 'watch 1/4294967298');
    await swpt.run(PAY);
    await expect
      .poll(() => printed.toSorted())
      .toStrictEqual([
        'account  1/4294967298             open                      250',
        'entry    1/4294967298  2027-01-15T08:00:00         +250          250  from 1/4294967297  "bread"',
      ]);
    expect(await stop()).toBe(0);
  });

  it('shows all roles that the store knows, as JSON for a program', async () => {
    const swpt = new CommandLines();
    await swpt.openCurrency();
    const { printed, stop } = await watching(swpt, 'watch --json');
    await swpt.run('open 1/-7');
    await swpt.run('issue 1/4294967298 5');
    const kinds = () => new Set(printed.map((line) => JSON.parse(line).kind));
    await expect.poll(kinds).toStrictEqual(new Set(['account', 'entry', 'transfer']));
    expect(printed.join()).not.toContain('"-7"');
    expect(await stop()).toBe(0);
  });

  it('posts each message until the web server has taken it', async () => {
    const swpt = new CommandLines();
    await swpt.openCurrency();
    let isDown = true;
    swpt.onPost = () => {
      if (isDown) {
        throw new Error('the server is down');
      }
    };
    const { told, stop } = await watching(swpt, 'watch 1/4294967298 --forward-to http://localhost:3000/swpt');
    await swpt.run('pay 1/4294967297 1/4294967298 250 --key order-7');
    await expect.poll(() => told.at(-1)).toBe('! A call failed and is repeated: Error: the server is down');
    isDown = false;
    const posted = swpt.posted.length;
    await expect
      .poll(async () => {
        await swpt.authority.advance(1);
        return new Set(swpt.posted.slice(posted).flatMap((text) => /"type":"(\w+)"/.exec(text)?.[1] ?? []));
      })
      .toStrictEqual(new Set(['AccountTransfer', 'AccountUpdate']));
    expect(swpt.posted.every((text) => text.startsWith('http://localhost:3000/swpt {"type":"Account'))).toBe(
      true,
    );
    expect(await stop()).toBe(0);
  });

  it('refuses an address that is none of the web', async () => {
    expect(await new CommandLines().run('watch 1/5 --forward-to localhost:3000')).toStrictEqual({
      exitCode: 2,
      printed: [],
      told: ['--forward-to is "localhost:3000"; write an address that begins with http:// or https://.'],
    });
  });
});
