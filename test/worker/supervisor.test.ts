import { expect } from '@open-wc/testing';
import { Supervisor, type SupervisorOptions } from '../../web-workers/src/boundary/supervisor.ts';
import { cognateError, eventually, rejection, startWorker } from './helpers.ts';
import type { EchoService } from './workers/echo-service.ts';

type Rung = 'fast' | 'safe';

describe('a supervised worker', () => {
  let workers: Worker[];
  let supervisor: Supervisor<EchoService, Rung>;

  function supervise(options: Partial<SupervisorOptions<Rung>> = {}): void {
    workers = [];
    supervisor = new Supervisor<EchoService, Rung>({
      name: 'echo',
      spawn: () => {
        const worker = startWorker('echo.worker.ts');
        workers.push(worker);
        return worker;
      },
      rungs: ['fast', 'safe'],
      config: (rung) => ({ rung }),
      ...options,
    });
  }

  /** One call that kills the worker. */
  async function crash(): Promise<void> {
    const { code } = await cognateError(supervisor.call('crash', undefined));
    expect(code).to.equal('worker-failed');
  }

  afterEach(() => supervisor[Symbol.dispose]());

  it('is not started before the first call, and then once', async () => {
    supervise();
    expect(supervisor.running).to.equal(false);
    expect(workers).to.have.length(0);
    await Promise.all([supervisor.call('echo', 1), supervisor.call('echo', 2)]);
    expect(workers).to.have.length(1);
    expect(supervisor.running).to.equal(true);
  });

  it('is replaced after a crash: what was pending rejects, the next call works', async () => {
    supervise();
    const pending = cognateError(supervisor.call('forever', undefined));
    await crash();
    expect((await pending).code).to.equal('worker-failed');
    expect(await supervisor.call('echo', 'anew')).to.equal('anew');
    expect(workers).to.have.length(2);
  });

  it('is replaced after it was killed while idle', async () => {
    supervise();
    await supervisor.call('echo', 1);
    workers[0]!.terminate();
    await eventually(() => !supervisor.running);
    expect(await supervisor.call('echo', 2)).to.equal(2);
  });

  it('is replaced when its device failed: the caller gets that error, other calls worker-failed', async () => {
    supervise();
    const other = cognateError(supervisor.call('forever', undefined));
    expect((await cognateError(supervisor.call('fail', { how: 'device' }))).code).to.equal('device-failed');
    const { code, cause } = await other;
    expect(code).to.equal('worker-failed');
    expect(cause).to.have.property('code', 'device-failed');
    expect(await supervisor.call('echo', 1)).to.equal(1);
    expect(workers).to.have.length(2);
  });

  it('stays when a call merely fails', async () => {
    supervise();
    await cognateError(supervisor.call('fail', { how: 'typed' }));
    await supervisor.call('echo', 1);
    expect(workers).to.have.length(1);
  });

  it('goes down a rung when one fails too often, and rests when the last one does', async () => {
    supervise({ forgiven: 1 });
    await crash();
    expect(await supervisor.call('config', undefined)).to.deep.equal({ rung: 'fast' });
    await crash();
    expect(await supervisor.call('config', undefined)).to.deep.equal({ rung: 'safe' });
    await crash();
    expect(await supervisor.call('config', undefined)).to.deep.equal({ rung: 'safe' });
    await crash();
    for (let i = 0; i < 2; i++) {
      const { code, message } = await cognateError(supervisor.call('echo', 1));
      expect(code).to.equal('worker-failed');
      expect(message).to.match(/^The echo worker failed 2 times within 60 s, and rests/);
    }
    expect(workers).to.have.length(4);
  });

  it('goes to work again after the rest', async () => {
    supervise({ forgiven: 0, windowMs: 150, rungs: ['safe'] });
    await crash();
    expect((await cognateError(supervisor.call('echo', 1))).message).to.include('rests');
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await supervisor.call('echo', 1)).to.equal(1);
  });

  it('can be tried again at once when its script could not be loaded, on the same rung', async () => {
    let there = false;
    supervise({ forgiven: 0, spawn: () => startWorker(there ? 'echo.worker.ts' : 'missing.worker.ts') });
    await cognateError(supervisor.call('echo', 1));
    await cognateError(supervisor.call('echo', 1));
    there = true;
    expect(await supervisor.call('config', undefined)).to.deep.equal({ rung: 'fast' });
  });

  describe('in the grip of a computation', () => {
    /** A call that is aborted while the worker computes for `ms`. Resolves when it has been rejected. */
    async function abandon(ms: number): Promise<void> {
      const controller = new AbortController();
      const call = rejection(supervisor.call('block', { ms }, { signal: controller.signal }));
      await new Promise((resolve) => setTimeout(resolve, 30));
      const began = performance.now();
      controller.abort('enough');
      expect(await call).to.equal('enough');
      expect(performance.now() - began).to.be.lessThan(200);
    }

    it('is replaced when it stays deaf after an abort, so that the next call need not wait', async () => {
      supervise({ graceMs: 100 });
      await supervisor.call('echo', 1);
      const began = performance.now();
      await abandon(20_000);
      await eventually(() => workers.length === 2);
      expect(await supervisor.call('echo', 'anew')).to.equal('anew');
      expect(performance.now() - began).to.be.lessThan(5000);
    });

    it('is kept when it hears again in time', async () => {
      supervise({ graceMs: 5000 });
      await supervisor.call('echo', 1);
      await abandon(100);
      expect(await supervisor.call('echo', 'same')).to.equal('same');
      expect(workers).to.have.length(1);
    });

    it('still gives its answers to those who wait for them, and then ends', async () => {
      supervise({ graceMs: 100 });
      await supervisor.call('echo', 1);
      const answers = [supervisor.call('block', { ms: 500 }), supervisor.call('count', { steps: 3 })];
      await abandon(20);
      await eventually(() => workers.length === 2);
      let ended = false;
      workers[0]!.terminate = function (): void {
        ended = true;
        Worker.prototype.terminate.call(this);
      };
      expect(await supervisor.call('echo', 'elsewhere')).to.equal('elsewhere');
      expect(await Promise.all(answers)).to.deep.equal(['done', 3]);
      await eventually(() => ended);
    });
  });

  it('rejects calls after its release with disposed, and starts nothing', async () => {
    supervise();
    supervisor[Symbol.dispose]();
    expect((await cognateError(supervisor.call('echo', 1))).code).to.equal('disposed');
    expect(workers).to.have.length(0);
  });
});
