/** Chromium for tests of the console, where it is installed. CONSOLE_BROWSER names another program. */

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Undefined where none is installed. */
export const BROWSER_PROGRAM = [process.env.CONSOLE_BROWSER ?? '', ...USUAL_PLACES].find((path) =>
  existsSync(path),
);

export function startBrowser(): Promise<Browser> {
  const executablePath = BROWSER_PROGRAM ?? '';
  // The sandbox needs privileges that a container seldom has. The page is our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
