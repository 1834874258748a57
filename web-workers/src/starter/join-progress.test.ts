import type { Progress } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { joinProgress } from './join-progress.ts';

describe('joinProgress()', () => {
  it('adds up downloads, and tells a total when each has told its own', () => {
    const heard: Progress[] = [];
    const part = joinProgress({ onProgress: (progress) => heard.push(progress) });
    const [a, b, never] = [part(), part(), part()];
    a.onProgress!({ phase: 'download', file: 'a', done: 10, total: 100 });
    b.onProgress!({ phase: 'download', file: 'b', done: 5 });
    b.onProgress!({ phase: 'download', file: 'b', done: 7, total: 50 });
    expect(heard).to.deep.equal([
      { phase: 'download', file: 'a', done: 10, total: 100 },
      { phase: 'download', file: 'b', done: 15 },
      { phase: 'download', file: 'b', done: 17, total: 150 },
    ]);
    expect(never.onProgress).to.be.a('function');
  });

  it('lets other phases and the signal pass', () => {
    const heard: Progress[] = [];
    const { signal } = new AbortController();
    const options = joinProgress({ signal, onProgress: (progress) => heard.push(progress) })();
    options.onProgress!({ phase: 'prepare', done: 1, total: 2 });
    expect(heard).to.deep.equal([{ phase: 'prepare', done: 1, total: 2 }]);
    expect(options.signal).to.equal(signal);
  });

  it('costs nothing when nobody listens', () => {
    expect(joinProgress({})().onProgress).to.equal(undefined);
  });
});
