import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const inPath = (names) =>
  (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));

/** Path of a Chromium or Chrome: `CHROME_PATH`, then PATH, then the usual places; undefined when there is none. */
export function findBrowser() {
  const own = join(import.meta.dirname ?? '.', '../../.cache/chromium/chromium');
  return [process.env.CHROME_PATH ?? '', ...inPath(names), ...applications, own].find(
    (path) => path && existsSync(path),
  );
}

/**
 * What a headless browser needs here: no sandbox (root in containers), WebGPU through SwiftShader where there is no
 * GPU, and none of the requests that a browser makes for itself.
 */
export const browserFlags = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A headless browser with a profile of its own; the caller closes it. */
export async function launch(options = {}) {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error('launch() needs Chromium or Chrome: install one or set CHROME_PATH');
  const { default: puppeteer } = await import('puppeteer-core');
  return puppeteer.launch({ executablePath, headless: true, args: browserFlags, protocolTimeout: 0, ...options });
}

/** The same of Firefox, from `FIREFOX_PATH` or PATH. */
export async function launchFirefox() {
  const places = [process.env.FIREFOX_PATH ?? '', ...inPath(['firefox', 'firefox-esr'])];
  const executablePath = places.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('launchFirefox() needs Firefox: install it or set FIREFOX_PATH');
  const { default: puppeteer } = await import('puppeteer-core');
  return puppeteer.launch({ browser: 'firefox', executablePath, headless: true, protocolTimeout: 240_000 });
}
