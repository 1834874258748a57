// The built site as a visitor meets it: first translation on an empty cache, the page's own JavaScript, training.
import { gzipSync } from 'node:zlib';
import { launch } from '../scripts/lib/browser.mjs';
import { serve } from '../scripts/lib/server.mjs';

/** Visits `dist/`; build it first. @returns {Promise<import('../scripts/lib/rows.mjs').Row[]>} */
export async function run() {
  const server = await serve('dist');
  try {
    return [
      ...(await median('first-translation.seconds', 3, () => visit(server.url, firstTranslation))),
      await visit(server.url, pageScript),
      await visit(server.url, training),
    ];
  } finally {
    await server.close();
  }
}

/** A fresh browser each time: nothing cached, nothing compiled. */
async function visit(url, measure) {
  const browser = await launch();
  try {
    return await measure(await browser.newPage(), url);
  } finally {
    await browser.close();
  }
}

/** From navigation to the first name, for a visitor who presses the first sample as soon as it is there. */
async function firstTranslation(page, url) {
  await page.evaluateOnNewDocument(() => {
    document.addEventListener('cognate-captioned', () => (globalThis.firstAnswer ??= performance.now()));
  });
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  const sample = await page.waitForSelector('cognate-caption button img');
  await sample.evaluate((image) => image.closest('button').click());
  const answered = await page.waitForFunction(() => globalThis.firstAnswer, { timeout: 60_000 });
  return (await answered.jsonValue()) / 1000;
}

/** All scripts that the home page runs before it starts a worker. */
async function pageScript(page, url) {
  const scripts = new Map();
  page.on('response', async (response) => {
    if (response.request().resourceType() !== 'script' || response.url().includes('/workers/')) return;
    scripts.set(response.url(), response.buffer());
  });
  await page.goto(url, { waitUntil: 'networkidle0' });
  const bodies = await Promise.all(scripts.values());
  const bytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
  return { id: 'page-js.kilobytes', value: bytes / 1024, unit: 'KB gzip', baseline: 60, n: bodies.length };
}

async function median(id, times, measure) {
  const values = [];
  for (let i = 0; i < times; i++) values.push(await measure());
  values.sort((a, b) => a - b);
  return [{ id, value: values[times >> 1], unit: 's', baseline: 4, n: times }];
}

/** From the press on Train to 95 % of the recall at 10 that validation pairs end with, on all starter pairs. */
async function training(page, url) {
  await page.goto(url, { waitUntil: 'networkidle0' });
  const { seconds, pairs, whole, final } = await page.evaluate(async () => {
    const { connect } = await import('./assets/cognate.js');
    const cognate = await connect();
    const { source, target, heldOut } = await cognate.starterPairs();
    const looks = [];
    const start = performance.now();
    const elapsed = () => (performance.now() - start) / 1000;
    await cognate.fit(source, target, {
      heldOut,
      trainHeads: true,
      onProgress(progress) {
        if (progress.heldOut !== undefined) looks.push({ seconds: elapsed(), recall: progress.heldOut });
      },
    });
    const best = Math.max(...looks.map(({ recall }) => recall));
    const reached = looks.find(({ recall }) => recall >= 0.95 * best);
    return { seconds: reached?.seconds, pairs: source.count, whole: elapsed(), final: best };
  });
  if (seconds === undefined) throw new Error('training() saw no validation recall');
  const note = `validation R@10 ends at ${final.toFixed(3)}; the whole run with its report takes ${whole.toFixed(0)} s`;
  return { id: 'align.seconds', value: seconds, unit: 's', baseline: 30, n: pairs, note };
}
