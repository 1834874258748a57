import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openSite } from './visit.mjs';

// In a browser of its own: hidden tabs are told of no long tasks.
describe('the page stays responsive', () => {
  let site;
  let page;
  before(async () => {
    site = await openSite();
    ({ page } = await site.visit(''));
    await page.bringToFront();
    await page.evaluate(async () => {
      globalThis.longTasks = [];
      const observer = new PerformanceObserver((list) => {
        globalThis.longTasks.push(...list.getEntries().map(({ duration }) => duration));
      });
      observer.observe({ type: 'longtask' });
      const { connect } = await import('./assets/cognate.js');
      globalThis.cognate = await connect();
    });
  });
  after(() => site?.close());

  /** Lengths in ms of the tasks over 50 ms while `work` runs in the page. */
  const longTasksDuring = async (work) => {
    await settle(page);
    await page.evaluate(() => (globalThis.longTasks.length = 0));
    await page.evaluate(work);
    await settle(page);
    return page.evaluate(() => globalThis.longTasks);
  };
  /** What holds up the page does so every time; a task that another program has stretched does not. */
  const expectNone = async (work) => {
    let lengths = [];
    for (let tries = 0; tries < 3; tries++) {
      lengths = await longTasksDuring(work);
      if (lengths.length === 0) return;
    }
    assert.deepEqual(lengths, []);
  };

  it('so that a task over 50 ms would be seen here', async () => {
    const busy = () => {
      for (const end = performance.now() + 80; performance.now() < end;);
    };
    // What the debugger runs is no task of the page.
    const lengths = await longTasksDuring(`new Promise((done) => setTimeout(() => done((${busy})()), 10))`);
    assert.equal(lengths.length, 1);
  });

  it('while texts and pictures are encoded', { timeout: 120_000 }, () =>
    expectNone(async () => {
      const texts = await globalThis.cognate.encoder('text');
      await texts.encode(Array.from({ length: 500 }, (_, i) => `phrase number ${i}`));
      const images = await globalThis.cognate.encoder('image');
      const picture = new ImageData(256, 256);
      picture.data.forEach((_, i) => (picture.data[i] = i % 251));
      await images.encode(Array.from({ length: 32 }, () => picture));
    }),
  );

  it('while an aligner trains', { timeout: 120_000 }, () =>
    expectNone(async () => {
      const { source, target, heldOut } = await globalThis.cognate.starterPairs();
      await globalThis.cognate.fit(source, target, { heldOut, trainHeads: true, steps: 40, onProgress: () => {} });
    }),
  );

  it('while an element names a picture', { timeout: 120_000 }, () =>
    expectNone(async () => {
      const element = document.querySelector('cognate-caption');
      const named = new Promise((resolve) => element.addEventListener('cognate-captioned', resolve, { once: true }));
      element.querySelector('button img').closest('button').click();
      await named;
    }),
  );

  it('while an element paints, and shows how', { timeout: 120_000 }, () =>
    expectNone(async () => {
      const element = document.querySelector('cognate-restyle');
      const painted = new Promise((resolve) => element.addEventListener('cognate-painted', resolve, { once: true }));
      element.querySelector('button img').closest('button').click();
      await painted;
    }),
  );
});

/** The browser tells of a task some time after it has ended. */
const settle = (page) => page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
