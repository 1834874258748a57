import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findPages, looks, openSite, root } from './visit.mjs';

const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
const pages = findPages();

let site;
before(async () => (site = await openSite()));
after(() => site?.close());

it('the site has a home page', () => assert.ok(pages.includes('')));

for (const path of pages) {
  describe(`/${path}`, () => {
    /** @type {import('./visit.mjs').Visit} */
    let visit;
    before(async () => {
      visit = await site.visit(path);
      await visit.page.evaluate(axe);
    });
    after(() => visit?.page.close());

    for (const look of looks) {
      it(`is accessible, ${look.theme}, ${look.width} pixels wide`, async () => {
        await visit.show(look);
        const violations = await visit.page.evaluate(async () => (await globalThis.axe.run()).violations);
        assert.deepEqual(violations.map(describeViolation), []);
      });

      it(`needs no sideways scrolling, ${look.theme}, ${look.width} pixels wide`, async () => {
        await visit.show(look);
        const wide = await visit.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${wide} pixels too wide`);
      });
    }

    it('is cross-origin isolated, so that workers may use threads', async () => {
      assert.equal(await visit.page.evaluate(() => globalThis.crossOriginIsolated), true);
    });

    it('logs no error', () => assert.deepEqual(visit.errors, []));

    it('asks nobody but its own origin', () => assert.deepEqual(visit.foreign, []));
  });
}

const describeViolation = ({ id, help, nodes }) =>
  `${id}: ${help}: ${nodes.map(({ target, failureSummary }) => `${target.flat().join(' > ')} (${failureSummary})`).join('; ')}`;
