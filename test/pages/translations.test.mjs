import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openSite, root } from './visit.mjs';

// What a visitor does first on each page, with the shipped models.

const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
/** @type {Record<string, { page: string, event: string, act: (page: import('puppeteer-core').Page) => Promise<void>, answers: string }>} */
const firstSteps = {
  'a sample picture gets names': {
    page: 'caption/',
    event: 'cognate-captioned',
    act: (page) => page.click('cognate-caption .pictures button'),
    answers: 'cognate-caption',
  },
  'a phrase gets pictures': {
    page: 'imagine/',
    event: 'cognate-imagined',
    act: (page) => page.type('cognate-imagine >>> input', 'rocket'),
    answers: 'cognate-imagine',
  },
  'a phrase gets names in other languages': {
    page: 'translate/',
    event: 'cognate-translated',
    act: (page) => page.type('cognate-translate >>> input', 'bicycle'),
    answers: 'cognate-translate',
  },
};

describe('with the shipped models', () => {
  let site;
  before(async () => (site = await openSite()));
  after(() => site?.close());

  for (const [title, { page: path, event, act, answers }] of Object.entries(firstSteps)) {
    it(`/${path}: ${title}, accessibly and from this origin alone`, async () => {
      const { page, errors, foreign, show } = await site.visit(path);
      try {
        await page.evaluate((name) => {
          document.addEventListener('cognate-error', ({ detail }) => (globalThis.failure = detail.error.message));
          document.addEventListener(name, ({ detail }) => (globalThis.answer = detail));
        }, event);
        await act(page);
        await page.waitForFunction(() => globalThis.answer ?? globalThis.failure, { timeout: 120_000 });
        assert.equal(await page.evaluate(() => globalThis.failure), undefined);
        const shown = await page.$$(`${answers} >>> [part~=result]`);
        assert.ok(shown.length > 0, 'no answer is shown');

        await page.evaluate(axe);
        for (const look of [
          { theme: 'light', width: 1280 },
          { theme: 'dark', width: 390 },
        ]) {
          await show(look);
          const violations = await page.evaluate(async () => (await globalThis.axe.run()).violations);
          assert.deepEqual(
            violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(' > ')).join()}`),
            [],
          );
        }
        assert.deepEqual(errors, []);
        assert.deepEqual(foreign, []);
      } finally {
        await page.close();
      }
    });
  }
});
