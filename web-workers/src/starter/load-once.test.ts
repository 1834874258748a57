import type { CallOptions } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { loadOnce, loadOnceEach } from './load-once.ts';

/** A load that tests end by hand. */
function slowLoad() {
  const runs: { options: CallOptions; resolve: (value: string) => void; reject: (reason: unknown) => void }[] = [];
  const load = (options: CallOptions): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    runs.push({ options, resolve, reject });
    return promise;
  };
  return { runs, load };
}

async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  const [settled] = await Promise.allSettled([promise]);
  return settled.status === 'rejected' ? settled.reason : undefined;
}

describe('loadOnce()', () => {
  it('loads once for callers at the same time and later', async () => {
    const { runs, load } = slowLoad();
    const get = loadOnce(load);
    const both = Promise.all([get(), get()]);
    runs[0]!.resolve('it');
    expect(await both).to.deep.equal(['it', 'it']);
    expect(await get()).to.equal('it');
    expect(runs).to.have.length(1);
  });

  it('forgets a failure: all who waited get it, the next caller tries again', async () => {
    const { runs, load } = slowLoad();
    const get = loadOnce(load);
    const both = [reasonOf(get()), reasonOf(get())];
    runs[0]!.reject('offline');
    expect(await Promise.all(both)).to.deep.equal(['offline', 'offline']);
    const again = get();
    runs[1]!.resolve('it');
    expect(await again).to.equal('it');
  });

  it('tells progress to everybody who waits, and to nobody else', async () => {
    const { runs, load } = slowLoad();
    const get = loadOnce(load);
    const heard: string[] = [];
    const first = get({ onProgress: ({ done }) => heard.push(`first ${done}`) });
    runs[0]!.options.onProgress!({ phase: 'prepare', done: 1, total: 2 });
    const second = get({ onProgress: ({ done }) => heard.push(`second ${done}`) });
    runs[0]!.options.onProgress!({ phase: 'prepare', done: 2, total: 2 });
    runs[0]!.resolve('it');
    await Promise.all([first, second]);
    runs[0]!.options.onProgress!({ phase: 'prepare', done: 3, total: 2 });
    expect(heard).to.deep.equal(['first 1', 'first 2', 'second 2']);
  });

  it('lets one caller leave without harm to the others', async () => {
    const { runs, load } = slowLoad();
    const get = loadOnce(load);
    const controller = new AbortController();
    const hasty = reasonOf(get({ signal: controller.signal }));
    const patient = get();
    controller.abort('bored');
    expect(await hasty).to.equal('bored');
    expect(runs[0]!.options.signal!.aborted).to.equal(false);
    runs[0]!.resolve('it');
    expect(await patient).to.equal('it');
  });

  it('aborts the load when the last caller leaves, and loads anew for the next', async () => {
    const { runs, load } = slowLoad();
    const get = loadOnce(load);
    const controller = new AbortController();
    const only = reasonOf(get({ signal: controller.signal }));
    controller.abort('bored');
    expect(await only).to.equal('bored');
    expect(runs[0]!.options.signal!.reason).to.equal('bored');
    const next = get();
    runs[0]!.reject('bored');
    runs[1]!.resolve('it');
    expect(await next).to.equal('it');
  });

  it('starts nothing for a caller who has left already', async () => {
    const { runs, load } = slowLoad();
    expect(await reasonOf(loadOnce(load)({ signal: AbortSignal.abort('never mind') }))).to.equal('never mind');
    expect(runs).to.have.length(0);
  });
});

describe('loadOnceEach()', () => {
  it('loads once for each key', async () => {
    const asked: string[] = [];
    const get = loadOnceEach((key: string) => {
      asked.push(key);
      return Promise.resolve(key.toUpperCase());
    });
    expect(await Promise.all([get('a'), get('b'), get('a')])).to.deep.equal(['A', 'B', 'A']);
    expect(asked).to.deep.equal(['a', 'b']);
  });

  it('forgets the one that was asked for longest ago when there are too many', async () => {
    const asked: string[] = [];
    const get = loadOnceEach((key: string) => Promise.resolve(asked.push(key)), 2);
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(key);
    expect(asked).to.deep.equal(['a', 'b', 'c', 'b']);
  });
});
