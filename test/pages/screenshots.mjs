import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from '../../esbuild.config.mjs';
import { findPages, looks, openSite, root } from './visit.mjs';

// Pictures of every page in every look, for people to judge: .cache/screenshots/<page>-<theme>-<width>.png. Then of what
// a visitor comes to see later, under the same name with the state behind it. `--firefox` takes them in Firefox instead,
// in its light theme: .cache/screenshots/firefox-<page>-<width>.png.

/** In the page: presses a button of an element, and waits for what follows. */
const press = (page, selector) =>
  page.evaluate((each) => document.querySelector('cognate-align').shadowRoot.querySelector(each).click(), selector);
const appears = (page, selector) =>
  page.waitForFunction(
    (each) => document.querySelector('cognate-align').shadowRoot.querySelector(each) !== null,
    { timeout: 180_000 },
    selector,
  );

/** What was asked for is written or painted, and said aloud. */
const settles = (page, tag) =>
  page.waitForFunction(
    (element) => {
      const { shadowRoot } = document.querySelector(element);
      const made = shadowRoot.querySelector('canvas, [part=written], [part=note]');
      return made !== null && shadowRoot.querySelector('[role=status]').textContent.trim() !== '';
    },
    { timeout: 180_000 },
    tag,
  );
const typed = (tag, phrase) => async (page) => {
  await page.$eval(tag, (element, value) => (element.phrase = value), phrase);
  await settles(page, tag);
};
const sampled = (tag) => async (page) => {
  await page.click(`${tag} .pictures button:nth-child(7)`);
  await settles(page, tag);
};

const states = {
  'caption/': { done: sampled('cognate-caption') },
  'imagine/': { done: typed('cognate-imagine', 'rocket'), doubt: typed('cognate-imagine', 'quarterly tax return') },
  'translate/': { done: typed('cognate-translate', 'birthday cake') },
  'restyle/': { done: sampled('cognate-restyle') },
  'blend/': { done: (page) => settles(page, 'cognate-blend') },
  'align-own/': {
    async read(page) {
      await page.click('[data-example=styles]');
      await appears(page, '.train');
    },
    async busy(page) {
      await press(page, '.train');
      await appears(page, '[part=forecast]');
    },
    async done(page) {
      await appears(page, '[part=translator]');
      await press(page, '.translator .chip img');
      await appears(page, '[part=result]');
    },
  },
};

/** `--only caption,restyle` spares the other pages. */
const only = process.argv[process.argv.indexOf('--only') + 1]?.split(',');
const wanted = (path) => !process.argv.includes('--only') || only.includes(path.replaceAll('/', '') || 'home');

if (!process.argv.includes('--no-build')) await build();
const folder = join(root, '.cache/screenshots');
await mkdir(folder, { recursive: true });

const firefox = process.argv.includes('--firefox');
const site = await openSite({ firefox });
try {
  for (const path of findPages().filter(wanted)) {
    const { page, show, errors } = await site.visit(path);
    const name = path.replaceAll('/', '') || 'home';
    for (const [state, reach] of [['', undefined], ...Object.entries(states[path] ?? {})]) {
      await reach?.(page);
      for (const look of looks.filter(({ theme }) => !firefox || theme === 'light')) {
        await show(look);
        const [browser, theme] = firefox ? ['firefox', ''] : ['', look.theme];
        const file = `${[browser, name, state, theme, look.width].filter(Boolean).join('-')}.png`;
        await page.screenshot({ path: join(folder, file), fullPage: true });
        console.log(join(folder, file));
      }
    }
    for (const error of errors) console.log(`  error on /${path}: ${error}`);
    await page.close();
  }
} finally {
  await site.close();
}
