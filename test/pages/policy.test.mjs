import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { states } from './states.mjs';
import { findPages, openSite } from './visit.mjs';

// What README says that a Content-Security-Policy must allow, and no more.
const strict =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' blob: data:; worker-src 'self'";

describe('under a strict Content-Security-Policy', () => {
  it('every page does what it is for, and reports are drawn', { timeout: 180_000 }, async () => {
    const site = await openSite({ policy: `${strict} blob:` });
    try {
      for (const path of findPages()) {
        const { page, errors } = await site.visit(path);
        for (const reach of Object.values(states[path] ?? {})) await reach(page);
        if (path === 'align/') {
          const seen = await train(page);
          assert.equal(seen.error, '');
          assert.ok(seen.filled.length > 0, 'no recall is drawn');
          for (const share of seen.filled) assert.ok(share > 0.01 && share < 0.99, `bars are filled to ${seen.filled}`);
        }
        assert.deepEqual(errors, [], path);
        await page.close();
      }
    } finally {
      await site.close();
    }
  });

  it('one without blob: for workers is named, instead of waiting for threads', { timeout: 60_000 }, async () => {
    const site = await openSite({ policy: strict });
    try {
      const { page } = await site.visit('align/');
      assert.match((await train(page)).error, /Content-Security-Policy must allow `worker-src blob:`/);
    } finally {
      await site.close();
    }
  });
});

/** What an element shows after a short run. */
const train = (page) =>
  page.evaluate(async () => {
    const element = document.querySelector('cognate-align');
    element.method = 'ridge';
    await element.train();
    await element.updateComplete;
    const report = element.shadowRoot.querySelector('cognate-report');
    await report?.updateComplete;
    const fills = report ? [...report.shadowRoot.querySelectorAll('.recall .fill')] : [];
    const width = (part) => part.getBoundingClientRect().width;
    return {
      error: element.shadowRoot.querySelector('[part=error]')?.textContent ?? '',
      filled: fills.map((fill) => width(fill) / width(fill.parentElement)),
    };
  });
