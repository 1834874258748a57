import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openSite, root } from './visit.mjs';

// The way of a newcomer with pairs of their own, with the shipped encoders and the real workers.

const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
const [, ...rows] = readFileSync(join(root, 'demos/align-own/words.tsv'), 'utf8').trim().split('\n');
const pairs = rows.map((row) => row.split('\t').slice(0, 2));

describe('a page that aligns what visitors bring', () => {
  let site;
  before(async () => (site = await openSite()));
  after(() => site?.close());

  it('takes two columns to a translator, a report and a file', { timeout: 180_000 }, async () => {
    const { page, errors, foreign, show } = await site.visit('align-own/');
    await listen(page);
    // Sixty pairs to learn from; the next sixty are never seen.
    await paste(page, pairs.slice(0, 60));
    await click(page, '.train');
    await ended(page);
    assert.equal(await page.evaluate(() => globalThis.failure), undefined);

    // Of the pairs that were learned from, one is asked for in words that were not among them.
    const report = await page.evaluate(() => globalThis.aligned.report);
    assert.equal(report.trainPairs, 60);
    assert.ok(report.forward.recallAt1 > 5 * report.chance.recallAt1, `recall at 1 ${report.forward.recallAt1}`);
    assert.ok((await page.$('cognate-align >>> cognate-report >>> [part=verdict]')) !== null, 'no verdict is shown');

    const [english, german] = pairs[10];
    await page.type('cognate-align >>> .ask', `the ${english}`);
    await appears(page, '[part=result]', 30_000);
    const answers = await page.$$eval('cognate-align >>> [part=result]', (items) =>
      items.map((item) => item.firstElementChild.textContent.trim()),
    );
    assert.ok(answers.includes(german), `${german} is not among ${answers.join(', ')}`);

    const file = await page.evaluate(async () => {
      const saved = new Promise((resolve) => {
        HTMLAnchorElement.prototype.click = function () {
          resolve(fetch(this.href).then((response) => response.arrayBuffer()));
        };
      });
      const { shadowRoot } = document.querySelector('cognate-align');
      [...shadowRoot.querySelectorAll('[part=save] button')][0].click();
      return Array.from(new Uint8Array(await saved));
    });
    const header = JSON.parse(Buffer.from(file.slice(8, 8 + Buffer.from(file).readUInt32LE(0))).toString());
    assert.deepEqual(JSON.parse(header.__metadata__.report).trainPairs, 60);

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
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} pixels too wide at ${look.width}`);
    }
    assert.deepEqual(errors, []);
    assert.deepEqual(foreign, []);
    await page.close();
  });

  it('lets an example go that arrives after the visitor has gone on', { timeout: 60_000 }, async () => {
    const { page, errors } = await site.visit('align-own/');
    await page.evaluate(() => {
      const real = globalThis.fetch;
      globalThis.fetch = async (...request) => {
        if (String(request[0]).includes('pictures/')) await new Promise((arrive) => (globalThis.arrive = arrive));
        return real(...request);
      };
    });
    const status = () => page.$eval('cognate-align > [slot=examples] > [role=status]', (each) => each.textContent);
    await page.click('[data-example=pictures]');
    assert.equal(await status(), 'Fetching …');
    await page.type('cognate-align >>> .intake textarea', 'dog,Hund\ncat,Katze\ncow,Kuh');
    await appears(page, '[part=check]', 20_000);
    assert.equal(await status(), '');
    await page.waitForFunction(() => globalThis.arrive);
    await page.evaluate(() => globalThis.arrive());
    await new Promise((later) => setTimeout(later, 1500));
    const check = await page.$eval('cognate-align >>> [part=check]', (each) => each.textContent);
    assert.match(check, /What you pasted: 3 pairs/);
    assert.deepEqual(errors, []);
    await page.close();
  });

  it('offers after a reload to go on with the run that was cut short', { timeout: 240_000 }, async () => {
    const { page, errors } = await site.visit('align-own/');
    await page.evaluate(() => (document.querySelector('cognate-align').method = 'contrastive'));
    await paste(page, pairs.slice(0, 120));
    await click(page, '.train');
    // The whole run takes seconds: it is held at one of its first steps, or it might be over before the reload.
    await press(page, 'Pause', 120_000, /step [1-9]\d* of/);
    await says(page, /Paused\. Safe to close: step [1-9]\d* is kept/, 60_000);
    await page.reload({ waitUntil: 'networkidle0' });
    await appears(page, '[part=unfinished]', 30_000);
    const offer = await page.$eval('cognate-align >>> [part=unfinished]', (element) => element.textContent);
    assert.match(offer.replace(/\s+/g, ' '), /English and Deutsch, 120 pairs, saved .* at step [1-9]/);
    await press(page, 'Go on with it', 5_000);
    await press(page, 'Pause', 30_000, /step ([2-9]|\d{2,}) of/);
    await says(page, /Paused\. Safe to close: step ([2-9]|\d{2,}) is kept/, 60_000);
    await click(page, '[part=cancel]');
    assert.deepEqual(errors, []);
    await page.close();
  });
});

const listen = (page) =>
  page.evaluate(() => {
    document.addEventListener('cognate-error', ({ detail }) => (globalThis.failure = detail.error.message));
    document.addEventListener('cognate-aligned', ({ detail }) => (globalThis.aligned = { report: detail.report }));
  });

const ended = (page) => page.waitForFunction(() => globalThis.aligned ?? globalThis.failure, { timeout: 120_000 });

/** Pastes two columns, and waits until they are read. */
async function paste(page, columns) {
  await page.evaluate(
    (text) => {
      const area = document.querySelector('cognate-align').shadowRoot.querySelector('.intake textarea');
      area.value = text;
      area.dispatchEvent(new Event('input'));
    },
    ['English\tDeutsch', ...columns.map((pair) => pair.join('\t'))].join('\n'),
  );
  await appears(page, '.train', 20_000);
}

const click = (page, selector) =>
  page.evaluate((each) => document.querySelector('cognate-align').shadowRoot.querySelector(each).click(), selector);

/** What changes in a shadow tree is no change of the document: it has to be asked for again and again. */
const appears = (page, selector, timeout) =>
  page.waitForFunction(
    (each) => document.querySelector('cognate-align').shadowRoot.querySelector(each) !== null,
    { timeout },
    selector,
  );

/** Presses a button as soon as there is one of that name, and the element says what it should. */
const press = (page, name, timeout, when = /./) =>
  page.waitForFunction(
    (each, source) => {
      const { shadowRoot } = document.querySelector('cognate-align');
      const button = [...shadowRoot.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === each);
      if (!button || !new RegExp(source).test(shadowRoot.textContent)) return false;
      button.click();
      return true;
    },
    { timeout },
    name,
    when.source,
  );

const says = (page, pattern, timeout) =>
  page.waitForFunction(
    (source) => new RegExp(source).test(document.querySelector('cognate-align').shadowRoot.textContent),
    { timeout },
    pattern.source,
  );
