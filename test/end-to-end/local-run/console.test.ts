import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClockAhead } from '../../../lib/local/lambda/virtual-clock.ts';
import { type LocalRun, startLocalRun } from '../../../lib/local/local-run.ts';
import { consoleCommand } from '../../../lib/operations/console/console-command.ts';
import { BROWSER_PROGRAM, startBrowser } from '../../support/browser.ts';
import { eventually } from '../../support/eventually.ts';
import { OTHER_DYNAMODB } from '../../support/other-dynamodb.ts';

if (BROWSER_PROGRAM === undefined) {
  console.warn('THE CONSOLE IS NOT TESTED: no Chromium is installed (apt-get install chromium).');
}

let dir: string;
let localRun: LocalRun;
let browser: Browser;
let page: Page;
/** What the page complained of. */
const complaints: string[] = [];

async function open(address = ''): Promise<void> {
  await page.goto(`${localRun.consoleUrl}/${address}`);
}

/** Sends the form that the address opens, and waits until the message is in the queue. */
async function sendForm(address: string, values: Readonly<Record<string, string>> = {}): Promise<void> {
  await open(address);
  for (const [name, value] of Object.entries(values)) {
    await page.getByLabel(name, { exact: false }).first().fill(value);
  }
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('The message is in the queue.').waitFor();
}

describe.skipIf(BROWSER_PROGRAM === undefined)('The console in a browser', () => {
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'console-'));
    const clock = new ClockAhead(0);
    localRun = await startLocalRun({
      ...{ port: 0, dynamoDbPort: 0, dir, fresh: true, dynamoDbEndpoint: OTHER_DYNAMODB },
      clock,
      console: { clock, port: 0 },
    });
    browser = await startBrowser();
    page = await browser.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') {
        complaints.push(message.text());
      }
    });
  });

  afterAll(async () => {
    await browser?.close();
    await localRun?.stop();
    rmSync(dir, { recursive: true, maxRetries: 10 });
  });

  it('says at the beginning where to look for what happened before', async () => {
    for (const view of ['feed', 'transfers']) {
      await open(`#/${view}`);
      await page.getByText('The feed begins with this start; accounts and transfers are under').waitFor();
    }
    await page.getByRole('main').getByRole('link', { name: 'Accounts' }).click();
    await page.getByText('There is no such account.').waitFor();
  });

  it('makes a payment with nothing but its forms and links, and shows its timeline', async () => {
    await sendForm('#/send/ConfigureAccount');
    await sendForm('#/send/ConfigureAccount?creditor_id=4294967297&negligible_amount=0.0');
    await open('#/feed?q=AccountUpdate');
    await eventually(async () => expect(await page.locator('td.out').count()).toBe(2));
    await sendForm('#/send/PrepareTransfer');
    await page.getByRole('link', { name: 'See what comes of it' }).click();
    await page.getByRole('link', { name: 'commit', exact: true }).click();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('The message is in the queue.').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('4');
    await page.getByRole('link', { name: '1/issuing/1/1' }).click();
    await page.getByText('The recipient has the amount.').waitFor();
    const steps = await page.locator('.timeline li b').allTextContents();
    expect(steps.toSorted()).toStrictEqual([
      'AccountTransfer',
      'FinalizeTransfer',
      'FinalizedTransfer',
      'PrepareTransfer',
      'PreparedTransfer',
    ]);
    await page.keyboard.press('1');
    await page.getByText('PreparedTransfer').first().waitFor();
    expect(await page.getByRole('link', { name: 'commit', exact: true }).count()).toBe(0);
  });

  it('shows that a currency adds up, and what its accounts have', async () => {
    await open('#/currencies');
    await page.getByText('together 0 ✓').waitFor();
    await open('#/accounts?q=1:4294967297');
    const row = page.getByRole('row', { name: '1:4294967297' });
    await row.waitFor();
    expect(await row.getByRole('cell').allTextContents()).toStrictEqual(['500', '0', '0 %', '0', '500']);
    await page.getByText('It has sent none').waitFor();
    await page.getByRole('link', { name: 'messages' }).click();
    const notice = page.getByRole('row', { name: 'AccountTransfer' });
    await notice.getByRole('link', { name: 'timeline' }).click();
    await page.getByText('The recipient has the amount.').waitFor();
  });

  it('tells why a message had no effect, and finds it', async () => {
    await sendForm('#/send/FinalizeTransfer?transfer_id=77&coordinator_request_id=9');
    await sendForm('#/send/ConfigureAccount?debtor_id=one');
    await open('#/transfers?t=1/issuing/1/9');
    await page.getByText('The message had no effect; the reason is below.').waitFor();
    await page.getByText('no such prepared transfer').waitFor();
    await sendForm('#/send/PrepareTransfer?max_locked_amount=-5&coordinator_request_id=8');
    await open('#/transfers?q=refused');
    await page.getByRole('link', { name: '1/issuing/1/8' }).click();
    await page
      .getByText(/max_locked_amount: must be an integer between 0/)
      .first()
      .waitFor();
    await open('#/feed?kind=none');
    await page.getByText('✗ ignored').waitFor();
    await page.getByText('✗ dead letter').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('debtor_id');
    await eventually(async () => expect(await page.locator('tbody tr').count()).toBeGreaterThan(0));
    await page
      .getByText(/must be an integer/)
      .first()
      .waitFor();
    expect(page.url()).toContain('q=debtor_id');
  });

  it('kills a function, moves time, and lets the audit speak', async () => {
    await open('#/tools');
    await page.getByRole('button', { name: 'Kill the next function' }).click();
    await page.getByText(/will be killed/).waitFor();
    await sendForm('#/send/ConfigureAccount?creditor_id=4294967298&negligible_amount=0.0');
    await open('#/accounts?q=1:4294967298');
    await page.getByRole('row', { name: '1:4294967298' }).waitFor();
    await eventually(async () => expect(localRun.faults.counts().killed).toBe(1));
    await open('#/feed?q=fault');
    await page.getByText('was killed on purpose').waitFor();
    await open('#/tools');
    await page.getByText(/^At \d\d:\S+, [\w-]+ was killed on purpose; its work comes again\.$/).waitFor();
    await page.getByRole('button', { name: 'A month ahead' }).click();
    await page.getByText('The sweeps have run.').waitFor();
    await page.getByRole('button', { name: 'Audit now' }).click();
    await page.getByText('Every guarantee holds in 1 of 1 currencies.').first().waitFor();
  });

  it.each([400, 800, 1280])(
    'has no sideways scrolling and no unnamed control at %d pixels',
    async (width) => {
      await page.setViewportSize({ width, height: 800 });
      for (const view of ['feed', 'currencies', 'accounts', 'transfers?t=1/issuing/1/1', 'send', 'tools']) {
        await open(`#/${view}`);
        await page.getByRole('heading', { level: 2 }).first().waitFor();
        const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect([view, overflow]).toStrictEqual([view, 0]);
        const unnamed = await page.getByRole('button', { name: /^$/ }).count();
        expect([view, unnamed]).toStrictEqual([view, 0]);
        if (process.env.CONSOLE_SCREENSHOTS !== undefined) {
          const file = `${view.replaceAll(/\W+/g, '-')}-${width}.png`;
          await page.emulateMedia({ colorScheme: 'light' });
          await page.screenshot({ path: join(process.env.CONSOLE_SCREENSHOTS, file) });
          await page.emulateMedia({ colorScheme: 'dark' });
          await page.screenshot({ path: join(process.env.CONSOLE_SCREENSHOTS, `dark-${file}`) });
        }
      }
    },
  );

  it('never moves its tabs', async () => {
    const places = new Set<string>();
    for (const view of ['feed', 'accounts', 'send', 'tools']) {
      await open(`#/${view}`);
      await page.locator('header nav a[aria-current]', { hasText: new RegExp(view, 'i') }).waitFor();
      const boxes = await Promise.all(
        (await page.locator('header nav a').all()).map((tab) => tab.boundingBox()),
      );
      places.add(boxes.map((box) => box?.x).join(' '));
    }
    expect(places.size).toBe(1);
  });

  it('says in one sentence that the local run was stopped', async () => {
    const tab = await browser.newPage();
    await tab.route('**/api/audit', (route) => route.abort());
    await tab.goto(`${localRun.consoleUrl}/#/tools`);
    await tab.getByRole('button', { name: 'Audit now' }).click();
    await tab.getByText('The local run does not answer: is npm start running?', { exact: true }).waitFor();
    expect(await tab.getByText('The whole report').count()).toBe(0);
    await tab.close();
  });

  it('opens a message, and finds and sorts accounts', async () => {
    await open('#/feed?q=PreparedTransfer');
    await page.locator('summary').first().click();
    await page.getByText('"locked_amount":500').waitFor();
    await open('#/feed?q=1/4294967297');
    await eventually(async () => expect(await page.locator('tbody tr').count()).toBeGreaterThan(0));
    await open('#/transfers?q=1:4294967297%20500');
    await page.getByRole('link', { name: '1/issuing/1/1' }).waitFor();
    await open('#/accounts');
    await page.keyboard.press('/');
    await page.keyboard.type('1/42949');
    await page.getByText('2 accounts').waitFor();
    await page.getByLabel('Sorted by').selectOption('principal');
    await eventually(async () =>
      expect(await page.locator('tbody th').first().innerText()).toMatch(/^1:4294967297/),
    );
    await open('#/accounts?q=1:4294967298');
    await page.getByText('1 account', { exact: true }).waitFor();
  });

  it('opens on the stack for reading only, as operators do', async () => {
    const [ready, stopped] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()];
    const running = consoleCommand(() => stopped.promise)(
      ['--outputs', localRun.outputsFile, '--port', '0'],
      {
        print: (line) => ready.resolve(/http:\S+\d/.exec(line)?.[0] ?? line),
        tell: ready.reject,
        isTerminal: false,
      },
    );
    const tab = await browser.newPage();
    await tab.goto(`${await ready.promise}/#/send`);
    await tab.getByText('together 0 ✓').waitFor();
    expect(await tab.locator('header nav a').allTextContents()).toStrictEqual(['Currencies', 'Accounts']);
    await tab.keyboard.press('2');
    const row = tab.getByRole('row', { name: '1:4294967297' });
    await row.waitFor();
    await row.getByRole('link', { name: '1:4294967297' }).click();
    await tab.getByRole('heading', { name: 'Accounts' }).waitFor();
    expect(await tab.getByRole('link', { name: 'messages' }).count()).toBe(0);
    await tab.close();
    stopped.resolve();
    expect(await running).toBe(0);
  });

  it('is dark where the system is', async () => {
    const backOf = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await backOf();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await backOf()).not.toBe(light);
  });

  it('never made the page complain', () => {
    expect(complaints).toStrictEqual([]);
  });
});
