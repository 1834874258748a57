import { expect } from '@open-wc/testing';
import { yieldTask } from './yield-task.ts';

describe('yieldTask()', () => {
  it('lets a message in, which awaiting a microtask does not', async () => {
    const { port1, port2 } = new MessageChannel();
    let arrived = false;
    port1.onmessage = () => (arrived = true);
    port2.postMessage(null);
    for (let i = 0; i < 100; i++) await Promise.resolve();
    expect(arrived).to.equal(false);
    for (let i = 0; i < 10 && !arrived; i++) await yieldTask();
    expect(arrived).to.equal(true);
    port1.close();
  });
});
