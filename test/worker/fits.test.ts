import { floats, random, readSafetensors, type Progress } from '@cognate/core';
import type { Cognate, FitOptions, FitResult, FitSession } from '@cognate/web-workers';
import { expect } from '@open-wc/testing';
import { privateFolder } from '../../web-workers/src/storage/folder.ts';
import { unpack } from '../../web-workers/src/storage/pack.ts';
import { cognateError, eventually, rejection } from './helpers.ts';
import { pairs, trainingPage, type TrainingPage } from './training-page.ts';

const folder = privateFolder(['cognate-fits']);
const { source, target } = pairs(220);
const settings = { method: 'contrastive', steps: 60, hidden: 16, patience: 99, seed: 3, report: 'brief' } as const;

type Step = Progress & { readonly phase: 'fit' };

/** Hears the steps of a run. */
const steps =
  (onStep: (step: Step) => void) =>
  (progress: Progress): void => {
    if (progress.phase === 'fit') onStep(progress);
  };

/** The run of all these tests. */
function start(cognate: Cognate, onStep: (step: Step) => void = () => {}, options: FitOptions = {}): FitSession {
  return cognate.fit(source, target, { ...settings, ...options, onProgress: steps(onStep) });
}

/** Steps in the checkpoint of the only run that is kept. */
async function saved(): Promise<number> {
  const [key] = await folder.names();
  const about = key && (await folder.folder(key).read('about'));
  return about ? (unpack(about) as { readonly done: number }).done : 0;
}

/** The same map to 1e-5, and the same report but for the time it took. */
function expectSame(got: FitResult, wanted: FitResult): void {
  const [a, b] = [readSafetensors(got.alignment), readSafetensors(wanted.alignment)];
  expect([...a.tensors.keys()]).to.deep.equal([...b.tensors.keys()]);
  for (const name of a.tensors.keys()) {
    const [one, other] = [floats(a, name), floats(b, name)];
    expect(one.length).to.equal(other.length);
    const apart = one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i]!)), 0);
    expect(apart, name).to.be.at.most(1e-5);
  }
  const timeless = ({ report }: FitResult): unknown =>
    JSON.parse(JSON.stringify(report, (key, value: unknown) => (key === 'seconds' ? 0 : value)));
  expect(timeless(got)).to.deep.equal(timeless(wanted));
}

describe('a fit', () => {
  let pages: TrainingPage[] = [];
  let whole: FitResult;

  function open(): TrainingPage {
    const page = trainingPage();
    pages.push(page);
    return page;
  }

  /** A page that leaves when `step` steps of the run are done and saved, as they are in a pause. */
  async function interrupted(step: number, options: FitOptions = {}): Promise<void> {
    const page = open();
    const session = start(page.cognate, ({ done }) => done === step && session.pause(), options);
    session.catch(() => {});
    await eventually(async () => (await saved()) >= step);
    page.leave();
    await page.cognate[Symbol.asyncDispose]();
  }

  before(async () => {
    for (const name of await folder.names()) await folder.remove(name);
    whole = await start(open().cognate, undefined, { checkpoints: false });
    expect(await folder.names()).to.deep.equal([]);
  });
  afterEach(async () => {
    for (const { cognate } of pages) await cognate[Symbol.asyncDispose]();
    pages = [];
    for (const name of await folder.names()) await folder.remove(name);
  });

  describe('that a reload cut off', () => {
    it('goes on from its checkpoint when it is asked for again, and ends the same, with all of its report', async () => {
      const step = 5 + random(1).below(40);
      const full = { report: 'full' } as const;
      await interrupted(step, full);
      const heard: number[] = [];
      const result = await start(open().cognate, ({ done }) => heard.push(done), full);
      expect(heard[0]).to.be.greaterThan(step);
      expectSame(result, await start(open().cognate, undefined, { ...full, checkpoints: false }));
      expect(await folder.names()).to.deep.equal([]);
    });

    it('is told of, and goes on by its key alone', async () => {
      await interrupted(30);
      const { cognate } = open();
      const unfinished = await cognate.unfinishedFits();
      expect(unfinished).to.have.length(1);
      const { key, ...told } = unfinished[0]!;
      expect(told).to.deep.include({ total: 60, pairs: 220, source: source.space, target: target.space });
      expect(told.done).to.be.within(30, 59);
      expect(told.bytes).to.be.greaterThan(2 * source.data.byteLength);
      const heard: number[] = [];
      const session = cognate.resumeFit(key, { onProgress: steps(({ done }) => heard.push(done)) });
      expectSame(await session, whole);
      expect(heard[0]).to.equal(told.done + 1);
      expect(await cognate.unfinishedFits()).to.deep.equal([]);
      expect((await cognateError(cognate.resumeFit(key))).message).to.equal(
        `resumeFit() knows no unfinished run of the key ${key}`,
      );
    });

    it('is forgotten when told to', async () => {
      await interrupted(10);
      const { cognate } = open();
      await cognate.discardFit((await cognate.unfinishedFits())[0]!.key);
      expect(await folder.names()).to.deep.equal([]);
      await cognate.discardFit('of no run');
    });

    it('begins anew when its checkpoint is torn or changed, and ends the same', async () => {
      await interrupted(30);
      const [key] = await folder.names();
      const run = folder.folder(key!);
      const files = await Promise.all(
        (await run.names()).map(async (name) => ({ name, bytes: (await run.read(name))! })),
      );
      const { bytes } = files.find(({ name }) => name === 'fit')!;
      const { cognate } = open();
      for (const damaged of [bytes.slice(0, bytes.length / 2), bytes.with(bytes.length - 5, 1)]) {
        for (const file of files) await run.write(file.name, [file.name === 'fit' ? damaged : file.bytes]);
        const heard: number[] = [];
        const session = start(cognate, ({ done }) => heard.push(done) === 2 && session.cancel('seen'));
        expect(await rejection(session)).to.equal('seen');
        expect(heard[0]).to.equal(1);
        await eventually(async () => (await folder.names()).length === 0);
      }
      for (const { name, bytes } of files) await run.write(name, [name === 'inputs' ? bytes.with(-9, 77) : bytes]);
      expect((await cognateError(cognate.resumeFit(key!))).code).to.equal('invalid-input');
    });
  });

  it('whose worker is killed goes on by itself, and ends the same', async () => {
    const page = open();
    const heard: number[] = [];
    const session = start(page.cognate, ({ done }) => {
      heard.push(done);
      if (done === 25) session.pause();
    });
    await eventually(async () => (await saved()) >= 25);
    const held = heard.at(-1)!;
    page.leave();
    session.resume();
    expectSame(await session, whole);
    expect(page.workers).to.have.length(2);
    // The step that it was held at is told again once it is saved.
    expect([...new Set(heard)]).to.deep.equal(Array.from({ length: 60 }, (_, i) => i + 1));
    expect(held).to.be.within(25, 59);
    expect(await folder.names()).to.deep.equal([]);
  });

  it('whose worker is killed again is given up, and can be gone on with', async () => {
    const page = open();
    // Killed the first time when nothing is saved, it begins anew.
    const session = start(page.cognate, ({ done }) => {
      if (page.workers.length === 1) page.leave();
      else if (done === 6) session.pause();
    });
    const given = cognateError(session);
    await eventually(async () => (await saved()) >= 6);
    page.leave();
    expect((await given).code).to.equal('worker-failed');
    expect(page.workers).to.have.length(2);
    expect(await open().cognate.unfinishedFits()).to.have.length(1);
  });

  it('that goes on in one tab is kept from others, which run it on their own', async () => {
    const [one, other] = [open(), open()];
    const first = start(one.cognate, ({ done }) => done === 20 && first.pause());
    await eventually(async () => (await saved()) >= 20);
    const [key] = await folder.names();
    expect(await other.cognate.unfinishedFits()).to.deep.equal([]);
    const warnings: unknown[] = [];
    const [resumed, discarded, second] = await Promise.all([
      cognateError(other.cognate.resumeFit(key!)),
      cognateError(other.cognate.discardFit(key!)),
      start(other.cognate, ({ warning }) => warning && warnings.push(warning)),
    ]);
    expect(resumed.message).to.equal('resumeFit() needs a run that is not going on already');
    expect(discarded.message).to.equal('discardFit() needs a run that is not going on: cancel it');
    expect(second.warning).to.match(/^The same run is going on elsewhere.*: after a reload, .* begin this run anew\.$/);
    expect(warnings).to.deep.equal([second.warning]);
    expectSame(second, whole);
    first.resume();
    expectSame(await first, whole);
  });

  it('that is cancelled leaves nothing behind, and the next one begins anew', async () => {
    const { cognate } = open();
    const session = start(cognate, ({ done }) => done === 10 && session.cancel('enough'));
    expect(await rejection(session)).to.equal('enough');
    const heard: number[] = [];
    await start(cognate, ({ done }) => heard.push(done));
    expect(heard[0]).to.equal(1);
    expect(await folder.names()).to.deep.equal([]);
  });

  it('that is cancelled at any moment rejects within 200 ms, and the next one works', async () => {
    const { cognate } = open();
    await cognate.forecast(source, target);
    const moments: ((progress: Progress) => boolean)[] = [
      ({ phase, done }) => phase === 'prepare' && done === 1,
      ({ phase, done, total }) => phase === 'prepare' && done === total,
      ({ phase, done }) => phase === 'fit' && done === 1,
      ({ phase, done }) => phase === 'fit' && done === 30,
      ({ phase, done, total }) => phase === 'fit' && done === total,
    ];
    const draw = random(5);
    const waits = [0, ...Array.from({ length: 4 }, () => draw.below(600))];
    const took: number[] = [];
    const cancelled = async (begin: (cancel: () => void) => FitSession): Promise<void> => {
      let at = Infinity;
      const session = begin(() => {
        at = performance.now();
        session.cancel('enough');
      });
      expect(await rejection(session)).to.equal('enough');
      took.push(performance.now() - at);
    };
    for (const moment of moments) {
      await cancelled((cancel) =>
        cognate.fit(source, target, { ...settings, onProgress: (progress) => moment(progress) && cancel() }),
      );
    }
    for (const ms of waits) {
      await cancelled((cancel) => {
        setTimeout(cancel, ms);
        return start(cognate);
      });
    }
    expect(Math.max(...took), took.map(Math.round).join(', ')).to.be.lessThan(200);
    expect((await cognate.fit(source, target, { method: 'ridge' })).report.method).to.equal('ridge');
    await eventually(async () => (await folder.names()).length === 0);
  });
});
