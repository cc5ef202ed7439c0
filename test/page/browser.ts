/** A browser that opens pages from files, and notes what they should not do. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

export interface Opened {
  readonly page: Page;
  /** Errors and warnings of the console, and exceptions. */
  readonly complaints: readonly string[];
  /** Addresses that were asked for, but for the page's own file. */
  readonly requests: readonly string[];
}

export type Open = (html: string, options?: BrowserContextOptions) => Promise<Opened>;

/** Starts one browser for the tests of a file. */
export function browserForTests(): Open {
  let browser: Browser | null = null;
  const folder = mkdtempSync(path.join(tmpdir(), 'writeproof-page-'));
  before(async () => {
    const executablePath = process.env['CHROMIUM'];
    if (executablePath === undefined) throw new Error('CHROMIUM is not set: expected the path of a Chromium');
    // These pages are our own; a container's root has no sandbox.
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });
  let pages = 0;
  return async (html, options = {}) => {
    if (browser === null) throw new Error('the browser was not started');
    pages += 1;
    const file = path.join(folder, `${pages}.html`);
    writeFileSync(file, html);
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const [complaints, requests]: [string[], string[]] = [[], []];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.route('**/*', async (route) => {
      if (route.request().url() !== `file://${file}`) requests.push(route.request().url());
      await route.continue();
    });
    await page.goto(`file://${file}`);
    return { page, complaints, requests };
  };
}

const require = createRequire(import.meta.url);

/** What axe-core finds that is serious or worse: `rule: element`. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // Through the debugger, which the page's own policy does not bind.
  await page.evaluate(await axeSource());
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations, passes } = await axe.run(document);
    if (passes.length < 10) throw new Error(`axe-core looked at ${passes.length} rules only`);
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
}

async function axeSource(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
}

/** Pixels of a canvas that are drawn upon, once there are some. */
export async function inkOf(page: Page, id: string): Promise<number> {
  await page.locator(`#${id}`).scrollIntoViewIfNeeded();
  const found = await page.waitForFunction((name) => {
    const canvas = document.getElementById(name) as HTMLCanvasElement;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    if (copy === null) return 0;
    copy.drawImage(canvas, 0, 0);
    return copy.getImageData(0, 0, canvas.width, canvas.height).data.filter((alpha, at) => at % 4 === 3 && alpha > 0)
      .length;
  }, id);
  return found.jsonValue();
}

/** Does what sorts a table, and waits until it is sorted: the rows move in a task of their own. */
export async function untilSorted(page: Page, act: () => Promise<void>): Promise<void> {
  const place = 'whenSorted';
  await page.evaluate((name) => {
    const sorted = new Promise<void>((resolve) => {
      document.addEventListener(
        'sort-end',
        () => {
          resolve();
        },
        { once: true },
      );
    });
    Object.assign(globalThis, { [name]: sorted });
  }, place);
  await act();
  await page.evaluate(async (name) => (globalThis as unknown as { [name: string]: Promise<void> })[name], place);
}
