import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openSite, root } from './visit.mjs';

// What a visitor does first on each page, with the shipped models.

const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
/** What is found comes first, what is made next; each is told by an event and shown. */
const firstSteps = {
  'a sample picture gets a caption and names': {
    page: 'caption/',
    events: ['cognate-captioned', 'cognate-written'],
    act: (page) => page.click('cognate-caption .pictures button'),
    shown: ['cognate-caption >>> [part~=result]', 'cognate-caption >>> [part=score]'],
  },
  'a phrase gets paintings and drawings': {
    page: 'imagine/',
    events: ['cognate-imagined', 'cognate-painted'],
    act: (page) => page.type('cognate-imagine >>> input', 'rocket'),
    shown: ['cognate-imagine >>> [part~=result]', 'cognate-imagine >>> [part=painted] canvas'],
  },
  'a phrase gets texts and names in other languages': {
    page: 'translate/',
    events: ['cognate-translated', 'cognate-written'],
    act: (page) => page.type('cognate-translate >>> input', 'bicycle'),
    shown: ['cognate-translate >>> [part=written] .best', 'cognate-translate >>> [part=found]'],
  },
  'a sample picture is painted in other styles': {
    page: 'restyle/',
    events: ['cognate-painted'],
    act: (page) => page.click('cognate-restyle .pictures button'),
    shown: ['cognate-restyle >>> [part=painted] canvas', 'cognate-restyle >>> [part=found] img'],
  },
  'two words get what lies between them': {
    page: 'blend/',
    events: ['cognate-painted', 'cognate-written'],
    act: (page) => page.$eval('cognate-blend', (element) => (element.share = 0.3)),
    shown: ['cognate-blend >>> [part=painted] canvas'],
  },
};

describe('with the shipped models', () => {
  let site;
  before(async () => (site = await openSite()));
  after(() => site?.close());

  for (const [title, { page: path, events, act, shown }] of Object.entries(firstSteps)) {
    it(`/${path}: ${title}, accessibly and from this origin alone`, async () => {
      const { page, errors, foreign, show } = await site.visit(path);
      try {
        await page.evaluate((names) => {
          globalThis.missing = new Set(names);
          document.addEventListener('cognate-error', ({ detail }) => (globalThis.failure = detail.error.message));
          for (const name of names) document.addEventListener(name, () => globalThis.missing.delete(name));
        }, events);
        await act(page);
        await page.waitForFunction(() => globalThis.failure ?? globalThis.missing.size === 0, { timeout: 120_000 });
        assert.equal(await page.evaluate(() => globalThis.failure), undefined);
        for (const each of shown) assert.ok((await page.$$(each)).length > 0, `${each} is not shown`);

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
