import type { Progress } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { atMost } from './at-most.ts';

describe('atMost()', () => {
  it('holds back what comes too soon, but never the last step or a new recall', () => {
    const heard: number[] = [];
    const report = atMost(1e6, ({ done }) => heard.push(done))!;
    const step = (done: number, heldOut?: number): Progress => ({
      ...{ phase: 'fit', done, total: 9, loss: 1 },
      ...(heldOut === undefined ? {} : { heldOut }),
    });
    [step(1), step(2), step(3, 0.5), step(4, 0.5), step(5, 0.6), step(6, 0.6), step(9, 0.6)].forEach(report);
    expect(heard).to.deep.equal([1, 3, 5, 9]);
  });

  it('lets a new checkpoint through, even of a step that was told before', () => {
    const heard: (number | undefined)[] = [];
    const report = atMost(1e6, (progress) => heard.push(progress.phase === 'fit' ? progress.saved : -1))!;
    const step = (done: number, saved?: number): Progress => ({ phase: 'fit', done, total: 9, loss: 1, saved });
    [step(1), step(2), step(2, 2), step(3, 2), step(4, 4)].forEach(report);
    expect(heard).to.deep.equal([undefined, 2, 4]);
  });

  it('lets everything through that comes slowly enough', () => {
    let heard = 0;
    const report = atMost(0, () => heard++)!;
    for (let done = 1; done < 5; done++) report({ phase: 'encode', done, total: 9 });
    expect(heard).to.equal(4);
  });

  it('is nothing when nobody listens', () => {
    expect(atMost(100, undefined)).to.equal(undefined);
  });
});
