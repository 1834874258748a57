import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { launch } from '../../scripts/lib/browser.mjs';
import { serve } from '../../scripts/lib/server.mjs';
import { root } from './visit.mjs';

const steps = 150;

describe('a page that is reloaded while it trains', () => {
  let server;
  let browser;
  let page;
  before(async () => {
    server = await serve(join(root, 'dist'), {
      handle: (_, response, path) =>
        path === '/empty' && Boolean(response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>')),
    });
    browser = await launch();
    page = await browser.newPage();
    await page.goto(`${server.url}empty`);
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  it('goes on from its checkpoint, and ends with the same alignment', async () => {
    const whole = await page.evaluate(train, { steps, checkpoints: false });
    assert.equal(whole.heard[0], 1);

    await page.evaluate(train, { steps, checkpoints: true, until: 25 });
    await page.reload();
    const found = await page.evaluate(unfinished);
    assert.equal(found.length, 1);
    assert.ok(found[0].done >= 25 && found[0].done < steps, `saved at step ${found[0].done}`);

    const resumed = await page.evaluate(train, { steps, checkpoints: true });
    assert.equal(resumed.heard[0], found[0].done + 1);
    assert.equal(resumed.mapped.length, whole.mapped.length);
    const apart = Math.max(...whole.mapped.map((value, i) => Math.abs(value - resumed.mapped[i])));
    assert.ok(apart <= 1e-5, `${apart} apart`);
    assert.deepEqual(await page.evaluate(unfinished), []);
  });
});

/** In the page: a run to its end, or to a pause at step `until` and no further. */
async function train({ steps, checkpoints, until = Infinity }) {
  const { connect } = await import('/assets/cognate.js');
  const cognate = await connect({ baseUrl: '/' });
  const [count, dim] = [220, 12];
  const wave = (k) => Float32Array.from({ length: count * dim }, (_, i) => Math.sin(i * i * 0.37 + (k * i) / 900));
  const points = (id, data) => ({ space: { id, dim, normalized: false }, count, data });
  const source = points('here@1', wave(0));
  const heard = [];
  const session = cognate.fit(source, points('there@1', wave(1)), {
    ...{ method: 'contrastive', steps, hidden: 16, patience: 99, seed: 3, checkpoints },
    onProgress({ phase, done }) {
      if (phase !== 'fit') return;
      heard.push(done);
      if (done >= until) session.pause();
    },
  });
  if (until < Infinity) {
    let over = false;
    session.then(
      () => (over = true),
      () => (over = true),
    );
    // A pause is saved: `about` is the last file that is written.
    const deadline = performance.now() + 30_000;
    while (!over && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const runs = await (await navigator.storage.getDirectory()).getDirectoryHandle('cognate-fits').catch(() => {});
      for await (const run of runs?.values() ?? []) if (await run.getFileHandle('about').catch(() => {})) return;
    }
    throw new Error(over ? 'the run ended before it could be paused' : 'a pause was not saved');
  }
  const { alignment } = await session;
  const { data } = await cognate.forward(alignment, source);
  await cognate[Symbol.asyncDispose]();
  return { heard, mapped: [...data] };
}

/** In the page. */
async function unfinished() {
  const { connect } = await import('/assets/cognate.js');
  const cognate = await connect({ baseUrl: '/' });
  const found = await cognate.unfinishedFits();
  await cognate[Symbol.asyncDispose]();
  return found;
}
