import { expect } from '@open-wc/testing';
import { breather } from './breather.ts';

const rejected = (promise: Promise<void>): Promise<unknown> => promise.catch((reason: unknown) => reason);

describe('breather()', () => {
  it('lets others run, and waits while the gate is closed', async () => {
    let open = (): void => {};
    const closed = new Promise<void>((resolve) => (open = resolve));
    const breathe = breather(undefined, { everyMs: 0, gate: () => closed });
    const order: string[] = [];
    const breathed = breathe().then(() => order.push('breathed'));
    await new Promise((resolve) => setTimeout(resolve, 30));
    order.push('opened');
    open();
    await breathed;
    expect(order).to.deep.equal(['opened', 'breathed']);
  });

  it('rejects once the signal aborts: before, between, and at a closed gate', async () => {
    expect(await rejected(breather(AbortSignal.abort('before'))())).to.equal('before');
    const stop = new AbortController();
    const breathe = breather(stop.signal, { everyMs: 0 });
    await breathe();
    stop.abort('between');
    expect(await rejected(breathe())).to.equal('between');
    const paused = new AbortController();
    const waiting = breather(paused.signal, { everyMs: 0, gate: () => new Promise(() => {}) })();
    setTimeout(() => paused.abort('at the gate'), 20);
    expect(await rejected(waiting)).to.equal('at the gate');
  });
});
