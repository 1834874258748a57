import { embeddings, random, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { privateFolder, type Folder } from '../storage/folder.ts';
import { pack, unpack } from '../storage/pack.ts';
import { keptFits, type FitInputs } from './kept-fits.ts';

const root = `cognate-test-${Math.random()}`;
const folder = privateFolder([root]);
const state = new Uint8Array([1, 2, 3, 4]);

function rows(id: string, seed: number): Embeddings {
  const draw = random(seed);
  return embeddings(
    { id, dim: 4, normalized: false },
    Float32Array.from({ length: 40 }, () => draw.normal()),
  );
}

const inputs = (seed = 0, settings: FitInputs['settings'] = { method: 'contrastive', seed }): FitInputs => ({
  source: rows('a', seed),
  target: rows('b', seed + 100),
  settings,
  name: `run ${seed}`,
});

const build = (revision = 'this') => keptFits(folder, async () => revision);

/** A run that has saved `done` steps, and was cut off. */
async function cutOff(seed = 0, done = 5, kept = build()): Promise<void> {
  const run = kept.open(inputs(seed), `session ${seed}`);
  run.reached(done, 20);
  await run.checkpoints.save('fit', state);
  expect(run.warning).to.equal(undefined);
  await run.close(false);
}

describe('kept fits', () => {
  afterEach(async () => {
    for (const name of await folder.names()) await folder.remove(name);
  });
  after(() => privateFolder([]).remove(root));

  it('know what was saved of a run with the same rows and settings, and of no other', async () => {
    for (const [other, known] of [
      [inputs(0), true],
      [{ ...inputs(0), name: 'renamed' }, true],
      [inputs(0, { seed: 0, method: 'contrastive', watch: { source: rows('a', 9), target: rows('b', 9) } }), true],
      [inputs(0, { method: 'contrastive', seed: 1 }), false],
      [{ ...inputs(0), target: rows('b', 7) }, false],
      [{ ...inputs(0), target: rows('elsewhere', 100) }, false],
    ] as const) {
      await cutOff();
      const run = build().open(other, 'another');
      const found = await run.checkpoints.load('fit');
      expect(found && [...found]).to.deep.equal(known ? [...state] : undefined);
      expect(run.saved).to.equal(known ? 5 : undefined);
      expect(await run.checkpoints.load('control')).to.equal(undefined);
      expect((await build().keyOf('another')) !== undefined).to.equal(known);
      await run.close(false);
    }
  });

  it('tell of the runs, the newest first, and give back what they began with', async () => {
    for (const seed of [1, 2]) {
      await cutOff(seed, 5 * seed);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const [newest, oldest, ...rest] = await build().unfinished();
    expect(rest).to.deep.equal([]);
    expect(newest).to.include({ name: 'run 2', done: 10, total: 20, pairs: 10, method: 'contrastive' });
    expect(oldest).to.include({ name: 'run 1', done: 5 });
    expect(await build().inputs(oldest!.key)).to.deep.equal(inputs(1));
    expect(await build().keyOf('session 2')).to.equal(newest!.key);
    expect(await build().keyOf('session 3')).to.equal(undefined);
    expect(await build().inputs('unknown')).to.equal(undefined);
  });

  it('leave nothing of a run that is over, and nothing of one that never saved', async () => {
    await cutOff();
    const run = build().open(inputs(), 'again');
    await run.checkpoints.load('fit');
    await run.close(true);
    const other = build().open(inputs(3), 'quick');
    await other.checkpoints.load('fit');
    await other.close(false);
    expect(await folder.names()).to.deep.equal([]);
  });

  it('do not go on from what another build has half computed', async () => {
    await cutOff();
    const run = build('next').open(inputs(), 'another');
    expect(await run.checkpoints.load('fit')).to.equal(undefined);
    await run.close(false);
  });

  it('drop runs that nobody went on with for a month, and folders that make no sense', async () => {
    await cutOff(1);
    await cutOff(2);
    const key = (await build().keyOf('session 1'))!;
    const about = unpack((await folder.folder(key).read('about'))!) as { readonly savedAt: number };
    await folder.folder(key).write('about', pack({ ...about, savedAt: about.savedAt - 31 * 24 * 3600_000 }));
    await folder.folder('half').write('inputs', [state]);
    await cutOff(3);
    expect((await build().unfinished()).map(({ name }) => name)).to.deep.equal(['run 3', 'run 2']);
    expect(await folder.names()).to.have.length(2);
  });

  it('let a run go on when there is no room any more, say so once, and free what is of no use', async () => {
    let room = 3;
    const full = (inner: Folder): Folder => ({
      ...inner,
      folder: (name) => full(inner.folder(name)),
      async write(name, parts) {
        if (room-- <= 0) throw new DOMException('full', 'QuotaExceededError');
        await inner.write(name, parts);
      },
    });
    const kept = keptFits(full(folder), async () => 'this');
    const run = kept.open(inputs(), 'one');
    run.reached(5, 20);
    await run.checkpoints.save('fit', state);
    run.reached(10, 20);
    await run.checkpoints.save('fit', state);
    expect(run.saved).to.equal(5);
    expect(run.warning).to.equal(
      'The browser has no more room for this page: after a reload, the page would go on from step 5.',
    );
    await run.close(false);
    expect((await build().unfinished())[0]).to.include({ done: 5 });

    room = 1;
    const other = kept.open(inputs(8), 'two');
    await other.checkpoints.save('fit', state);
    expect(other.warning).to.match(/no more room for this page: after a reload, the page would begin this run anew\.$/);
    await other.close(false);
    expect(await folder.names()).to.have.length(1);
  });

  it('let runs go on where the browser keeps no files', async () => {
    const refuse = (): never => {
      throw new DOMException('not here', 'SecurityError');
    };
    const nowhere: Folder = {
      names: async () => refuse(),
      read: async () => refuse(),
      write: async () => refuse(),
      remove: async () => refuse(),
      folder: () => nowhere,
    };
    const run = keptFits(nowhere, async () => 'this').open(inputs(), 'one');
    expect(await run.checkpoints.load('fit')).to.equal(undefined);
    await run.checkpoints.save('fit', state);
    expect(run.saved).to.equal(undefined);
    expect(run.warning).to.equal(
      'The browser keeps no files for this page: after a reload, the page would begin this run anew.',
    );
    await run.close(true);
  });
});
