import type { Progress } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { starterFiles } from '../../web-workers/src/starter/starter-files.ts';
import { serveVirtually, type VirtualServer } from '../helpers/virtual-files.ts';
import { cognateError, rejection } from './helpers.ts';

describe('starterFiles()', () => {
  const files = starterFiles(new URL('/site/starter/', location.href));
  let server: VirtualServer;
  before(() => {
    server = serveVirtually({
      '/site/starter/names/fr.json': { body: { names: { A: 'chat' } }, type: 'application/json' },
      '/site/starter/cut.json': { body: '{"names": ' },
      '/site/starter/page.json': { body: '<!doctype html>', type: 'text/html; charset=utf-8' },
      '/site/starter/forbidden.json': { body: '', status: 403 },
      '/site/starter/slow.json': { body: { a: 1 }, gate: new Promise(() => {}) },
    });
  });
  after(() => server.restore());

  it('reads a file, and tells how far it is', async () => {
    const heard: Progress[] = [];
    const onProgress = (progress: Progress): void => void heard.push(progress);
    expect(await files.json('names/fr.json', { onProgress })).to.deep.equal({ names: { A: 'chat' } });
    const total = JSON.stringify({ names: { A: 'chat' } }).length;
    expect(heard.at(-1)).to.deep.equal({ phase: 'download', file: 'names/fr.json', done: total, total });
    expect(heard.length).to.be.greaterThan(1);
  });

  it('names the file that is missing, forbidden or a web page instead', async () => {
    for (const path of ['missing.json', 'forbidden.json', 'page.json']) {
      const { code, message } = await cognateError(files.bytes(path, {}));
      expect(code).to.equal('load-failed');
      expect(message).to.equal(
        `The starter needs the file ${location.origin}/site/starter/${path}, and the server has none there`,
      );
    }
  });

  it('tells a damaged file from a missing one', async () => {
    expect(await cognateError(files.json('cut.json', {}))).to.include({ code: 'file-format' });
  });

  it('tells that nobody answers', async () => {
    const nowhere = starterFiles(new URL('http://localhost:1/starter/'));
    const { code, cause } = await cognateError(nowhere.bytes('a.json', {}));
    expect(code).to.equal('load-failed');
    expect(cause).to.be.instanceOf(TypeError);
  });

  it('stops when told to, in the middle of a file', async () => {
    const controller = new AbortController();
    const reading = files.json('slow.json', {
      signal: controller.signal,
      onProgress: () => controller.abort('enough'),
    });
    expect(await rejection(reading)).to.equal('enough');
  });
});
