import type { CallOptions, Translator } from '@cognate/core';
import { aTimeout, expect } from '@open-wc/testing';
import { Translators } from './translators.ts';

const translator = (onDispose = () => {}): Translator<string, string> => ({
  translate: async (inputs) => inputs,
  async [Symbol.asyncDispose]() {
    onDispose();
  },
});

/** Makes nothing until told, and remembers what it was asked with. */
function slowMaker() {
  const calls: (CallOptions & { finish(): void; fail(error: Error): void })[] = [];
  const make = (options: CallOptions): Promise<Translator<string, string>> => {
    const { promise, resolve, reject } = Promise.withResolvers<Translator<string, string>>();
    options.signal?.addEventListener('abort', () => reject(options.signal!.reason));
    calls.push({ ...options, finish: () => resolve(translator()), fail: reject });
    return promise;
  };
  return { calls, make };
}

async function outcome(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return error;
  }
}

describe('Translators', () => {
  it('makes one for all who ask, warmed up or not, and tells all of them its progress', async () => {
    const { calls, make } = slowMaker();
    const translators = new Translators<string, string>();
    const heard: number[] = [];
    translators.warm('de', make);
    const both = [1, 2].map((id) => translators.get('de', make, { onProgress: () => heard.push(id) }));
    calls[0]!.onProgress!({ phase: 'prepare', done: 1, total: 2 });
    calls[0]!.finish();
    const [first, second] = await Promise.all(both);
    expect(first).to.equal(second);
    expect(calls).to.have.length(1);
    expect(heard).to.deep.equal([1, 2]);
  });

  it('goes on for the next when the one before gives up', async () => {
    const { calls, make } = slowMaker();
    const translators = new Translators<string, string>();
    const before = new AbortController();
    const first = translators.get('de', make, { signal: before.signal });
    before.abort(new Error('overtaken'));
    const second = translators.get('de', make, { signal: new AbortController().signal });
    expect(await outcome(first))
      .to.be.an('error')
      .with.property('message', 'overtaken');
    await aTimeout(80);
    calls[0]!.finish();
    expect(await second).to.have.property('translate');
    expect(calls).to.have.length(1);
  });

  it('stops when all have given up, even if it was warmed up, and starts anew for the next', async () => {
    const { calls, make } = slowMaker();
    const translators = new Translators<string, string>();
    translators.warm('de', make);
    const abort = new AbortController();
    const only = outcome(translators.get('de', make, { signal: abort.signal }));
    abort.abort();
    await only;
    await aTimeout(80);
    expect(calls[0]!.signal!.aborted).to.be.true;
    void translators.get('de', make);
    expect(calls).to.have.length(2);
  });

  it('keeps one that was made before its asker gave up', async () => {
    const { calls, make } = slowMaker();
    const translators = new Translators<string, string>();
    const abort = new AbortController();
    const only = translators.get('de', make, { signal: abort.signal });
    calls[0]!.finish();
    const made = await only;
    abort.abort();
    await aTimeout(80);
    expect(await translators.get('de', make)).to.equal(made);
  });

  it('makes one anew after a failure', async () => {
    const { calls, make } = slowMaker();
    const translators = new Translators<string, string>();
    const first = outcome(translators.get('de', make));
    calls[0]!.fail(new Error('no network'));
    expect(await first).to.have.property('message', 'no network');
    void translators.get('de', make);
    expect(calls).to.have.length(2);
  });

  it('releases what it made', async () => {
    let released = 0;
    const translators = new Translators<string, string>();
    await translators.get('de', async () => translator(() => released++));
    translators.clear();
    await aTimeout(0);
    expect(released).to.equal(1);
  });
});
