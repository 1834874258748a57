import type { Progress } from '@cognate/core';
import { expect } from '@open-wc/testing';
import type { Link } from '../../web-workers/src/boundary/link.ts';
import { cognateError, eventually, linkEcho, rejection } from './helpers.ts';
import type { EchoService } from './workers/echo-service.ts';

describe('a call to a worker', () => {
  let link: Link<EchoService>;
  before(() => ({ link } = linkEcho()));
  after(() => link[Symbol.dispose]());

  it('brings the answer back', async () => {
    expect(await link.call('echo', { deep: [1, 'two', new Uint8Array([3])] })).to.deep.equal({
      deep: [1, 'two', new Uint8Array([3])],
    });
  });

  it('runs beside others, each with its own answer and progress', async () => {
    const reports: [number[], number[]] = [[], []];
    const results = await Promise.all(
      [3, 5].map((steps, i) => link.call('count', { steps }, { onProgress: ({ done }) => reports[i]!.push(done) })),
    );
    expect(results).to.deep.equal([3, 5]);
    expect(reports).to.deep.equal([
      [1, 2, 3],
      [1, 2, 3, 4, 5],
    ]);
  });

  describe('with buffers', () => {
    it('moves the result: its buffer is detached in the worker', async () => {
      const batch = await link.call('rows', { count: 2 });
      expect(batch.data).to.deep.equal(new Float32Array(8).fill(1));
      expect(await link.call('seen', undefined)).to.include({ detached: true });
    });

    it('copies the input: it stays intact on the page', async () => {
      const data = new Float32Array([1, 2, 3]);
      expect(await link.call('sum', { data })).to.equal(6);
      expect([...data]).to.deep.equal([1, 2, 3]);
    });

    it('moves the input when told to, this time only', async () => {
      const input = { data: new Float32Array([1, 2, 3]) };
      expect(await link.call('sum', input, { transfer: [input.data.buffer] })).to.equal(6);
      expect(input.data.length).to.equal(0);

      input.data = new Float32Array([4]);
      expect(await link.call('sum', input)).to.equal(4);
      expect(input.data.length).to.equal(1);
    });

    it('refuses input that cannot cross, and works on', async () => {
      const error = await cognateError(link.call('echo', { callback: () => {} }));
      expect(error.code).to.equal('invalid-input');
      expect(error.message).to.match(/^echo\(\) needs plain data/);
      expect(await link.call('echo', 1)).to.equal(1);
    });

    it('tells when the answer cannot cross, and works on', async () => {
      expect(await rejection(link.call('uncloneable', undefined))).to.be.instanceOf(TypeError);
      expect(await link.call('echo', 1)).to.equal(1);
    });
  });

  describe('with onProgress', () => {
    it('hears all of it, in order, before the answer', async () => {
      const heard: Progress[] = [];
      await link.call('count', { steps: 50 }, { onProgress: (progress) => heard.push(progress) });
      expect(heard.map(({ done }) => done)).to.deep.equal(Array.from({ length: 50 }, (_, i) => i + 1));
    });

    it('hears nothing after an abort', async () => {
      const controller = new AbortController();
      let heard = 0;
      const call = link.call(
        'count',
        { steps: 1000 },
        {
          signal: controller.signal,
          onProgress: () => {
            heard++;
            if (heard === 3) controller.abort();
          },
        },
      );
      await rejection(call);
      await link.call('count', { steps: 5 });
      expect(heard).to.equal(3);
    });
  });

  describe('with a signal', () => {
    it('that is aborted before, never reaches the worker', async () => {
      const before = await link.call('seen', undefined);
      const reason = new Error('changed my mind');
      expect(await rejection(link.call('count', { steps: 77 }, { signal: AbortSignal.abort(reason) }))).to.equal(
        reason,
      );
      expect(await link.call('seen', undefined)).to.deep.equal(before);
    });

    it('that is aborted on the way, rejects at once with the reason itself', async () => {
      const controller = new AbortController();
      const reason = { any: 'value' };
      const call = link.call('forever', undefined, { signal: controller.signal });
      controller.abort(reason);
      expect(await rejection(call)).to.equal(reason);
    });

    it('that is aborted, stops the worker at its next step', async () => {
      const controller = new AbortController();
      const steps = 1e9;
      const call = link.call(
        'count',
        { steps },
        { signal: controller.signal, onProgress: ({ done }) => done === 10 && controller.abort() },
      );
      expect(await rejection(call)).to.include({ name: 'AbortError' });
      await eventually(async () => String((await link.call('seen', undefined)).aborted).includes('AbortError'));
      const { steps: stopped } = await link.call('seen', undefined);
      await link.call('count', { steps: 0 });
      expect((await link.call('seen', undefined)).steps).to.equal(stopped);
    });

    it('that is aborted at once after the call, still stops the worker', async () => {
      const controller = new AbortController();
      const call = link.call('count', { steps: 1e9 }, { signal: controller.signal });
      await Promise.resolve();
      controller.abort('too late');
      expect(await rejection(call)).to.equal('too late');
      const { steps } = await link.call('seen', undefined);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect((await link.call('seen', undefined)).steps).to.equal(steps);
    });

    it('that is aborted after the answer, changes nothing', async () => {
      const controller = new AbortController();
      expect(await link.call('count', { steps: 2 }, { signal: controller.signal })).to.equal(2);
      controller.abort();
      expect(await link.call('count', { steps: 2 })).to.equal(2);
    });
  });

  describe('that throws', () => {
    it('keeps class, code, message and cause of a CognateError', async () => {
      const error = await cognateError(link.call('fail', { how: 'typed' }));
      expect(error.code).to.equal('space-mismatch');
      expect(error.message).to.equal('fit() needs one space, got two');
      expect(error.stack).to.include('echo.worker');
      expect(error.cause).to.be.instanceOf(RangeError).with.property('message', 'row 3 of 2');
    });

    it('keeps built-in classes, and the names of others', async () => {
      expect(await rejection(link.call('fail', { how: 'native' }))).to.be.instanceOf(TypeError);
      expect(await rejection(link.call('fail', { how: 'own' }))).to.include({ name: 'MyError', message: 'mine' });
    });

    it('keeps a DOMException', async () => {
      const error = await rejection(link.call('fail', { how: 'dom' }));
      expect(error).to.be.instanceOf(DOMException).and.include({ name: 'NotFoundError', message: 'no such entry' });
    });

    it('gives the text of a value that is no error', async () => {
      expect(await rejection(link.call('fail', { how: 'object' }))).to.equal('an object');
    });

    it('leaves the worker at work', async () => {
      await rejection(link.call('fail', { how: 'typed' }));
      expect(await link.call('echo', 'still here')).to.equal('still here');
    });
  });
});

describe('ports', () => {
  it('are closed on both sides, however a call ends', async () => {
    const open = new Set<MessagePort>();
    const RealChannel = globalThis.MessageChannel;
    const realClose = MessagePort.prototype.close;
    globalThis.MessageChannel = class extends RealChannel {
      constructor() {
        super();
        open.add(this.port1);
      }
    };
    MessagePort.prototype.close = function (): void {
      open.delete(this);
      realClose.call(this);
    };
    const { link } = linkEcho();
    try {
      const onProgress = (): void => {};
      const patient = new AbortController();
      await link.call('count', { steps: 2 }, { onProgress, signal: patient.signal });
      await rejection(link.call('fail', { how: 'typed' }, { onProgress }));
      await rejection(link.call('echo', () => {}, { onProgress }));
      const hasty = new AbortController();
      const abandoned = link.call('count', { steps: 1e9 }, { onProgress, signal: hasty.signal });
      setTimeout(() => hasty.abort(), 20);
      await rejection(abandoned);
      expect(open.size).to.equal(0);
      await eventually(async () => (await link.call('seen', undefined)).openPorts === 0);

      const cut = link.call('forever', undefined, { onProgress });
      setTimeout(() => link[Symbol.dispose](), 20);
      await rejection(cut);
      expect(open.size).to.equal(0);
    } finally {
      link[Symbol.dispose]();
      globalThis.MessageChannel = RealChannel;
      MessagePort.prototype.close = realClose;
    }
  });
});
