import { CognateError } from '@cognate/core';
import type { UnfinishedFit } from '@cognate/web-workers';
import { expect, waitUntil } from '@open-wc/testing';
import { fullReport } from '../../../../../test/helpers/example-report.ts';
import {
  animals,
  appears,
  begun,
  button,
  columns,
  find,
  make,
  paste,
  patient,
  text,
  trained,
} from '../../../../../test/helpers/own-pairs.ts';
import { fakeCognate, type FakeCognate } from '../../fake-cognate.ts';
import { heard } from '../../heard.ts';
import type { CognateReport } from '../../report/cognate-report.ts';
import type { CognateAlign } from '../cognate-align.ts';

async function add(element: CognateAlign): Promise<void> {
  button(element, 'Add pairs').click();
  await element.updateComplete;
  paste(element, 'hen,Tier 90\nyak,Tier 91');
}

/** An element that has learned, and learns from two more pairs. */
async function learningMore(): Promise<{ cognate: FakeCognate; element: CognateAlign }> {
  const cognate = fakeCognate();
  const element = await make(cognate);
  paste(element, columns);
  await trained(element, cognate);
  await add(element);
  await begun(element, cognate);
  return { cognate, element };
}

async function suspectRow(element: CognateAlign, pair: number): Promise<Element> {
  const report = find<CognateReport>(element, 'cognate-report');
  await report.updateComplete;
  return report.shadowRoot!.querySelector(`[data-pair="${pair}"]`)!;
}

async function drop(element: CognateAlign, pair: number): Promise<void> {
  (await suspectRow(element, pair)).querySelector('button')!.click();
  await element.updateComplete;
}

function unfinished(name?: string): UnfinishedFit {
  const space = { id: 'a', dim: 4, normalized: true };
  const when = { startedAt: 0, savedAt: Date.now(), done: 20, total: 100 };
  return { key: 'k', name, ...when, pairs: 12, source: space, target: space, method: 'auto', bytes: 1 };
}

/** An element on a page that was loaded again in the middle of a run. */
async function cutShort(cognate: FakeCognate, name: string): Promise<CognateAlign> {
  cognate.unfinished.push(unfinished(name));
  localStorage.setItem('cognate-unfinished', '1');
  const element = await make(cognate);
  await appears(element, '[part=unfinished]');
  return element;
}

async function goneOnWith(element: CognateAlign, cognate: FakeCognate): Promise<void> {
  button(element, 'Go on with it').click();
  await waitUntil(() => cognate.fits.length === 1, 'not resumed', patient);
  const aligned = heard(element, 'cognate-aligned');
  cognate.fits[0]!.finish({ alignment: new Uint8Array(8), report: fullReport });
  await aligned;
  await element.updateComplete;
}

/** What a tab keeps of a run's pairs. */
function keepWords(): void {
  const side = (name: string) => ({ kind: 'text', name, texts: animals });
  sessionStorage.setItem('cognate-own-pairs', JSON.stringify({ left: side('English'), right: side('German') }));
}

function rememberedWords(): string[] {
  return (JSON.parse(sessionStorage.getItem('cognate-own-pairs')!) as { left: { texts: string[] } }).left.texts;
}

describe('<cognate-align pairs="own">, after a run', () => {
  afterEach(() => {
    localStorage.clear();
    sessionStorage.clear();
  });

  it('learns again without the pairs that the visitor drops', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    paste(element, columns);
    const [suspect] = fullReport.suspects;
    await trained(element, cognate, { ...fullReport, suspects: [{ ...suspect!, pair: 3 }] });
    expect(find(element, '.train')).to.be.null;
    expect((await suspectRow(element, 3)).textContent)
      .to.contain('horse')
      .and.to.contain('Tier 3');
    await drop(element, 3);
    expect(text(element, 'cognate-report')).to.equal('Learn again without it');
    const run = await trained(element, cognate);
    expect(run.source.count).to.equal(11);
    expect(run.options.from).to.be.undefined;
    expect(text(element, '[part=pairs]')).to.contain('11 pairs');
  });

  it('goes on with more pairs from what it has learned', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    paste(element, columns);
    await trained(element, cognate);
    await add(element);
    const run = await trained(element, cognate);
    expect(run.source.count).to.equal(14);
    expect(run.options.from).to.deep.equal(Uint8Array.of(1, 2, 3));
  });

  it('leaves everything as it was when learning without dropped pairs is cancelled', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    paste(element, columns);
    const suspects = [3, 7].map((pair) => ({ ...fullReport.suspects[0]!, pair }));
    await trained(element, cognate, { ...fullReport, suspects });
    await drop(element, 3);
    await begun(element, cognate);
    expect(cognate.fits[1]!.source.count).to.equal(11);
    button(element, 'Cancel').click();
    await appears(element, 'cognate-report');
    expect((await suspectRow(element, 3)).textContent)
      .to.contain('horse')
      .and.to.contain('Tier 3')
      .and.to.contain('Dropped');
    expect((await suspectRow(element, 7)).textContent)
      .to.contain('goat')
      .and.to.contain('Tier 7');
    expect(text(element, '[part=pairs]')).to.contain('11 pairs').and.to.contain('without the 1 you dropped');
    expect(text(element, '[part=translator]')).to.contain('English → German');
    expect(text(element, '[part=save]')).to.contain('NPY');
    await drop(element, 7);
    await trained(element, cognate);
    const kept = animals.filter((each) => !['horse', 'goat'].includes(each));
    expect(rememberedWords()).to.deep.equal(kept);
    expect(text(element, '[part=pairs]')).to.contain('10 pairs').and.not.to.contain('dropped');
  });

  it('leaves everything as it was when learning from more pairs is cancelled', async () => {
    const { cognate, element } = await learningMore();
    button(element, 'Cancel').click();
    await appears(element, '[part=translator]');
    expect(text(element, '[part=pairs]')).to.contain('12 pairs');
    expect(text(element, '[part=check]')).to.contain('2 pairs');
    expect(text(element, '[part=save]')).to.contain('NPY');
    const run = await trained(element, cognate);
    expect(run.source.count).to.equal(14);
    expect(run.options.from).to.deep.equal(Uint8Array.of(1, 2, 3));
  });

  it('shows what was read again when the first run is cancelled', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    paste(element, columns);
    await begun(element, cognate);
    button(element, 'Cancel').click();
    await appears(element, '[part=check]');
    expect(text(element, '[part=check]')).to.contain('12 pairs');
    expect((await trained(element, cognate)).source.count).to.equal(12);
    expect(find(element, '[part=check]')).to.be.null;
  });

  it('tries again from what it had learned, and shows that until then', async () => {
    const { cognate, element } = await learningMore();
    cognate.fits[1]!.fail(new CognateError('worker-failed', 'The training worker died.'));
    await appears(element, '[role=alert]');
    expect(text(element, '[part=translator]')).to.contain('English → German');
    button(element, 'Try again').click();
    await waitUntil(() => cognate.fits.length === 3, 'no fit', patient);
    expect(cognate.fits[2]!.source.count).to.equal(14);
    expect(cognate.fits[2]!.options.from).to.deep.equal(Uint8Array.of(1, 2, 3));
  });

  it('keeps the note of a run whose worker has died', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    paste(element, columns);
    await appears(element, '.train');
    cognate.unfinished.push(unfinished());
    await begun(element, cognate);
    cognate.fits[0]!.fail(new CognateError('worker-failed', 'The training worker died.'));
    await appears(element, '[part=unfinished]');
    expect(text(element, '[role=alert]')).to.contain('The training worker died.');
  });

  it('leaves the note of a run, whatever other elements and tabs have found meanwhile', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const note = (): string | null => localStorage.getItem('cognate-unfinished');
    paste(element, columns);
    const run = await begun(element, cognate);
    await make(fakeCognate());
    await waitUntil(() => note() === null, 'the other one has not looked', patient);
    dispatchEvent(new Event('pagehide'));
    expect(note()).to.equal('1');
    const aligned = heard(element, 'cognate-aligned');
    run.finish({ alignment: new Uint8Array(8), report: fullReport });
    await aligned;
    dispatchEvent(new Event('pagehide'));
    expect(note()).to.be.null;
  });

  it('offers to go on with a run that a reload has cut short', async () => {
    const cognate = fakeCognate();
    const element = await cutShort(cognate, 'English and German');
    expect(text(element, '[part=unfinished]')).to.contain('English and German').and.to.contain('step 20 of 100');
    await expect(element).to.be.accessible();
    // What the tab has kept of that run; without it there would be a report, but nothing to translate.
    keepWords();
    await goneOnWith(element, cognate);
    expect(cognate.resumed).to.deep.equal(['k']);
    expect(find<CognateReport>(element, 'cognate-report').report).to.equal(fullReport);
    expect(text(element, '[part=translator]')).to.contain('English → German');
  });

  it('goes on with the pairs of that run alone, whatever was pasted meanwhile', async () => {
    const cognate = fakeCognate();
    const element = await cutShort(cognate, 'English and German');
    paste(element, 'French,Dutch\nchien,hond\nchat,kat\nvache,koe');
    await appears(element, '[part=check]');
    keepWords();
    await goneOnWith(element, cognate);
    expect(text(element, '[part=pairs]')).to.contain('12 pairs of English and German');
    expect(find(element, '[part=check]')).to.be.null;
    expect(find(element, '.train')).to.be.null;
  });

  it('draws a run that is gone on with where its watched pairs lie', async () => {
    const cognate = fakeCognate();
    const element = await cutShort(cognate, 'a.npy and b.npy');
    button(element, 'Go on with it').click();
    await waitUntil(() => cognate.fits.length === 1, 'not resumed', patient);
    const space = { id: 'shared', dim: 4, normalized: false };
    const rows = { space, count: 12, data: Float32Array.from({ length: 48 }, (_, i) => Math.sin(i * i)) };
    const watched = { source: rows, target: rows };
    const picture = (): string => find(element, 'canvas').getAttribute('aria-label')!;
    expect(picture()).to.equal('Two spaces, not yet joined');
    cognate.fits[0]!.options.onProgress?.({ phase: 'fit', done: 40, total: 100, loss: 2, heldOut: 0.4, watched });
    await waitUntil(() => picture().startsWith('The two spaces while the aligner learns'), 'not drawn', patient);
    // What is drawn are the heads in training.
    const aligned = heard(element, 'cognate-aligned');
    cognate.fits[0]!.finish({ alignment: new Uint8Array(8), report: { ...fullReport, method: 'csa' } });
    await aligned;
    await element.updateComplete;
    expect(picture()).to.equal('Two spaces, not yet joined');
  });

  it('calls sides that it does not know source and target', async () => {
    const cognate = fakeCognate();
    const element = await cutShort(cognate, 'a.npy and b.npy');
    await goneOnWith(element, cognate);
    const { sourceName, targetName } = find<CognateReport>(element, 'cognate-report');
    expect([sourceName, targetName]).to.deep.equal(['source', 'target']);
    expect(text(element, '[part=resumed]')).to.contain('bring the same again for a translator');
    expect([...element.shadowRoot!.querySelectorAll('.side')].map(({ textContent }) => textContent)).to.deep.equal([
      'source',
      'target',
    ]);
    expect(find(element, '[part=translator]')).to.be.null;
  });

  it('knows a run of the starter’s pairs again', async () => {
    const cognate = fakeCognate();
    const element = await cutShort(cognate, 'names and pictures of the starter');
    await goneOnWith(element, cognate);
    expect(element.pairs).to.equal('starter');
    const { sourceName, targetName } = find<CognateReport>(element, 'cognate-report');
    expect([sourceName, targetName]).to.deep.equal(['words', 'pictures']);
  });
});
