import { expect } from '@open-wc/testing';
import { Link } from '../../web-workers/src/boundary/link.ts';
import { cognateError, eventually, linkEcho, rejection, startWorker } from './helpers.ts';
import type { EchoService } from './workers/echo-service.ts';

/** A link to a worker that is not what it should be. */
function linkTo(file: string, readyTimeoutMs?: number): Link<EchoService> {
  return new Link<EchoService>({ name: 'echo', spawn: () => startWorker(file), readyTimeoutMs });
}

/** Pending and later calls reject with `worker-failed` and the same sentence. */
async function expectFailed(link: Link<EchoService>, pending: Promise<unknown>, message: RegExp): Promise<void> {
  const error = await cognateError(pending);
  expect(error.code).to.equal('worker-failed');
  expect(error.message).to.match(message);
  expect(await rejection(link.call('echo', 1))).to.equal(error);
}

describe('a worker that fails', () => {
  it('because its script is missing, rejects pending and later calls', async () => {
    const link = linkTo('missing.worker.ts');
    await expectFailed(link, link.call('echo', 1), /^The echo worker could not be loaded: its script is missing/);
    expect(link.started).to.equal(false);
  });

  it('because its script throws at the start, rejects with what it threw', async () => {
    const link = linkTo('throws.worker.ts');
    await expectFailed(link, link.call('echo', 1), /^The echo worker stopped with an error: .*born broken/);
  });

  it('because it cannot be made, rejects with the cause', async () => {
    const cause = new DOMException('no', 'SecurityError');
    const link = new Link<EchoService>({
      name: 'echo',
      spawn: () => {
        throw cause;
      },
    });
    const error = await cognateError(link.call('echo', 1));
    expect(error).to.include({ code: 'worker-failed', cause });
  });

  it('because it never answers, rejects when the time is up', async () => {
    const link = linkTo('silent.worker.ts', 300);
    await expectFailed(link, link.call('echo', 1), /^The echo worker did not answer within 0.3 s/);
  });

  it('because an error went uncaught in mid-call, rejects all pending calls', async () => {
    const { link } = linkEcho();
    const other = rejection(link.call('forever', undefined));
    await expectFailed(link, link.call('crash', undefined), /stopped with an error: .*out of the blue/);
    expect(await other).to.equal(link.failure);
  });

  it('because it closed itself in mid-call, is noticed', async () => {
    const { link } = linkEcho();
    await expectFailed(link, link.call('closeSelf', undefined), /^The echo worker stopped$/);
  });

  it('because it was killed from outside in mid-call, is noticed', async () => {
    const { link, worker } = linkEcho();
    await link.call('echo', 1);
    const pending = link.call('forever', undefined);
    setTimeout(() => worker.terminate(), 20);
    await expectFailed(link, pending, /^The echo worker stopped$/);
  });

  it('because a message cannot be read, rejects pending calls', async () => {
    const { link, worker } = linkEcho();
    await link.call('echo', 1);
    const pending = link.call('forever', undefined);
    worker.dispatchEvent(new MessageEvent('messageerror'));
    await expectFailed(link, pending, /^The echo worker sent a message that cannot be read/);
  });

  it('while idle, rejects the next call', async () => {
    const { link, worker } = linkEcho();
    await link.call('echo', 1);
    worker.terminate();
    await eventually(() => link.failure !== undefined);
    expect((await cognateError(link.call('echo', 1))).code).to.equal('worker-failed');
  });

  it('still lets an abort come first', async () => {
    const link = linkTo('silent.worker.ts');
    const controller = new AbortController();
    const call = link.call('echo', 1, { signal: controller.signal });
    controller.abort('enough');
    expect(await rejection(call)).to.equal('enough');
    link[Symbol.dispose]();
  });
});

describe('a released worker', () => {
  it('rejects pending and later calls with disposed', async () => {
    const { link } = linkEcho();
    await link.call('echo', 1);
    const pending = link.call('forever', undefined);
    link[Symbol.dispose]();
    expect((await cognateError(pending)).code).to.equal('disposed');
    expect((await cognateError(link.call('echo', 1))).code).to.equal('disposed');
  });

  it('may be released while it loads, and twice', async () => {
    const { link } = linkEcho();
    const pending = link.call('echo', 1);
    link[Symbol.dispose]();
    link[Symbol.dispose]();
    expect((await cognateError(pending)).code).to.equal('disposed');
  });
});
