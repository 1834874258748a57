import { expect } from '@open-wc/testing';
import { env } from '@huggingface/transformers';
import { isCognateError } from '@cognate/core';
import { MissingFile } from './fetch-file.ts';
import { route, routed } from './router.ts';

/** Asks as transformers.js does. */
const ask = (file: string): Promise<Response> => env.fetch(`${env.remoteHost}${file}`) as Promise<Response>;

describe('routed()', () => {
  it('answers transformers.js from the source of the load that asks', async () => {
    const source = (text: string) => async (file: string) => new TextEncoder().encode(`${text} ${file}`);
    const texts = await Promise.all(
      ['one', 'two'].map((name) => routed(source(name), async (id) => (await ask(`${id}/onnx/model.onnx`)).text())),
    );
    expect(texts).to.deep.equal(['one onnx/model.onnx', 'two onnx/model.onnx']);
  });

  it('answers 404 for a file that the repository lacks', async () => {
    const status = await routed(
      () => Promise.reject(new MissingFile('load-failed', 'not there')),
      async (id) => (await ask(`${id}/generation_config.json`)).status,
    );
    expect(status).to.equal(404);
  });

  it('refuses every other address, naming its host, and asks nobody', async () => {
    const real = globalThis.fetch;
    let asked = 0;
    globalThis.fetch = () => {
      asked++;
      return Promise.reject(new Error('a request left the page'));
    };
    try {
      for (const url of [
        'https://huggingface.co/gpt2/resolve/main/config.json',
        'https://cdn.jsdelivr.net/npm/onnxruntime-web/dist/ort.wasm',
        `${env.remoteHost}load-0/config.json`,
        '/models/gpt2/config.json',
      ]) {
        const error: unknown = await route(url).catch((e: unknown) => e);
        if (!isCognateError(error)) throw new Error(`expected a CognateError, got ${String(error)}`);
        expect(error.code).to.equal('load-failed');
        expect(error.message).to.include(new URL(url, location.href).host);
      }
    } finally {
      globalThis.fetch = real;
    }
    expect(asked).to.equal(0);
  });
});
