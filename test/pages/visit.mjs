import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { launch, launchFirefox } from '../../scripts/lib/browser.mjs';
import { serve } from '../../scripts/lib/server.mjs';

export const root = resolve(import.meta.dirname ?? '.', '../..');
const dist = join(root, 'dist');

/** How every page must look right. */
export const looks = ['light', 'dark'].flatMap((theme) => [1280, 390].map((width) => ({ theme, width })));

/** Addresses of all pages of the built site, relative to its root: `''`, `caption/`, ... */
export function findPages() {
  return readdirSync(dist, { recursive: true })
    .filter((path) => /(^|\/)index\.html$/.test(path))
    .map((path) => (dirname(path) === '.' ? '' : `${dirname(path)}/`))
    .sort();
}

/**
 * Serves the built site to one browser. Firefox tells neither of what its workers ask for, nor takes a theme.
 * @param {{ firefox?: boolean, policy?: string }} [options] `policy` is what all files are sent with for a
 * Content-Security-Policy.
 * @returns {Promise<{ visit(path: string): Promise<Visit>, close(): Promise<void> }>}
 */
export async function openSite({ firefox = false, policy = '' } = {}) {
  const handle = (_, response) => {
    if (policy) response.setHeader('content-security-policy', policy);
    return false;
  };
  const server = await serve(dist, { handle });
  const browser = await (firefox ? launchFirefox() : launch());
  return {
    visit: (path) => visit(browser, server.url, path, firefox),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/**
 * @typedef {object} Visit
 * @property {import('puppeteer-core').Page} page
 * @property {string[]} errors what the page and its workers threw or logged as an error.
 * @property {string[]} foreign requests that left the page's origin.
 * @property {(look: { theme: string, width: number }) => Promise<void>} show takes a theme and a width.
 */
async function visit(browser, url, path, firefox) {
  const page = await browser.newPage();
  const errors = [];
  const foreign = [];
  const note = (address) => {
    if (!/^(data|blob|about):/.test(address) && !address.startsWith(url)) foreign.push(address);
  };
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url ?? ''})`);
  });
  page.on('request', (request) => note(request.url()));
  page.on('workercreated', (worker) => {
    worker.on('error', (error) => errors.push(String(error)));
    if (firefox) return;
    worker.client.on('Network.requestWillBeSent', ({ request }) => note(request.url));
    worker.client.send('Network.enable').catch(() => {}); // a worker may end before it answers
  });
  const show = async ({ theme, width }) => {
    const features = [
      { name: 'prefers-color-scheme', value: theme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ];
    if (!firefox) await page.emulateMediaFeatures(features);
    await page.setViewport({ width, height: width < 600 ? 844 : 900 });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 250))));
  };
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(url + path, { waitUntil: firefox ? 'load' : 'networkidle0', timeout: 60_000 });
  return { page, errors, foreign, show };
}
