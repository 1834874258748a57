import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { launch } from '../../scripts/lib/browser.mjs';
import { serve } from '../../scripts/lib/server.mjs';
import { root } from './visit.mjs';

/** The page of the README, as it stands there but for the port. */
const snippet = /```html\n(<!doctype html>[\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))[1];

describe('the ten lines of the README', () => {
  let site;
  let other;
  let browser;
  const folder = mkdtempSync(join(tmpdir(), 'cognate-readme-'));
  before(async () => {
    site = await serve(join(root, 'dist'));
    other = await serve(folder);
    browser = await launch();
    writeFileSync(join(folder, 'index.html'), snippet.replaceAll('http://localhost:8080/', site.url));
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await other?.close();
  });

  it('work in a page of another origin', { timeout: 90_000 }, async () => {
    const page = await browser.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(other.url);
    await page.waitForSelector('body > svg', { timeout: 40_000 });
    await page.waitForFunction(
      () => document.querySelector('cognate-translate').shadowRoot.textContent.includes('Geburtstagskuchen'),
      { timeout: 40_000 },
    );
    assert.deepEqual(errors, []);
    await page.close();
  });
});
