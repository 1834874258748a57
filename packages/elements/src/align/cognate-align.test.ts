import { CognateError, type AlignmentReport, type Progress } from '@cognate/core';
import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { fakeCognate, type FakeCognate } from '../fake-cognate.ts';
import { heard } from '../heard.ts';
import { fullReport } from '../../../../test/helpers/example-report.ts';
import type { CognateAlign } from './cognate-align.ts';
import type { CognateReport } from '../report/cognate-report.ts';
import './cognate-align.ts';

/** A report with that method and recall, which is as good both ways. */
function report(method: string, recallAt10: number): AlignmentReport {
  const scores = { ...fullReport.forward!, recallAt10 };
  return {
    ...fullReport,
    method,
    tried: [{ method, mrr: recallAt10 / 2, recallAt10, seconds: 1 }],
    forward: scores,
    backward: scores,
  };
}

const make = (cognate: FakeCognate): Promise<CognateAlign> =>
  fixture(html`<cognate-align .cognate=${cognate} language="en"></cognate-align>`);
const find = <E extends Element>(element: CognateAlign, selector: string): E =>
  element.shadowRoot!.querySelector<E>(selector)!;
const button = (element: CognateAlign, text: string): HTMLButtonElement | undefined =>
  [...element.shadowRoot!.querySelectorAll('button')].find((each) => each.textContent.includes(text));
const text = (element: CognateAlign): string => element.shadowRoot!.textContent.replace(/\s+/g, ' ');

/** On a busy machine, a second is short. */
const patient = { timeout: 15_000 };

/** Ends the closed forms and gives the run that learns. @param before runs that there were already. */
async function learning(cognate: FakeCognate, before = 0) {
  for (const [i, [method, recall]] of (
    [
      ['procrustes', 0.3],
      ['ridge', 0.4],
    ] as const
  ).entries()) {
    await waitUntil(() => cognate.fits.length > before + i, undefined, patient);
    cognate.fits[before + i]!.finish({ alignment: new Uint8Array(8), report: report(method, recall) });
  }
  await waitUntil(() => cognate.fits.length === before + 3, undefined, patient);
  return cognate.fits[before + 2]!;
}

/** The picture of the two spaces, once its points rest. */
async function rested(element: CognateAlign): Promise<string> {
  const canvas = find<HTMLCanvasElement>(element, 'canvas');
  for (let before = ''; ;) {
    await new Promise((done) => setTimeout(done, 300));
    const now = canvas.toDataURL();
    if (now === before) return now;
    before = now;
  }
}

describe('<cognate-align>', () => {
  it('is accessible before, while and after it trains', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    await expect(element).to.be.accessible();
    const trained = element.train();
    const run = await learning(cognate);
    run.options.onProgress?.({ phase: 'fit', done: 10, total: 100, loss: 2.5, heldOut: 0.42 });
    await element.updateComplete;
    await expect(element).to.be.accessible();
    run.finish({ alignment: new Uint8Array(8), report: report('contrastive', 0.5) });
    await trained;
    await element.updateComplete;
    await expect(element).to.be.accessible();
  });

  it('fetches nothing before the visitor trains', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    await element.updateComplete;
    expect(cognate.fits).to.be.empty;
  });

  it('shows step, loss, held-out recall and the closed forms to beat while it trains', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    button(element, 'Train')!.click();
    const run = await learning(cognate);
    run.options.onProgress?.({ phase: 'fit', done: 25, total: 100, loss: 2.5, heldOut: 0.42 });
    await element.updateComplete;
    expect(text(element)).to.contain('step 25 of 100');
    expect(find(element, '[part=recall] figcaption b').textContent).to.equal('42 %');
    expect(find(element, '[part=loss] figcaption b').textContent).to.equal('2.50');
    expect(text(element)).to.contain('rotation 30 %').and.to.contain('ridge 40 %');
  });

  it('asks to watch held-out pairs, and draws where they lie', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const trained = element.train();
    const run = await learning(cognate);
    const watched = run.options.watch!;
    expect(watched.source.count).to.equal(10);
    run.options.onProgress?.({ phase: 'fit', done: 20, total: 100, loss: 2, heldOut: 0.4, watched });
    const canvas = find<HTMLCanvasElement>(element, 'canvas');
    await waitUntil(
      () => {
        const { width, height } = canvas;
        return canvas
          .getContext('2d')!
          .getImageData(0, 0, width, height)
          .data.some((value) => value > 0);
      },
      undefined,
      patient,
    );
    run.finish({ alignment: new Uint8Array(8), report: report('contrastive', 0.5) });
    await trained;
  });

  it('pauses, goes on and cancels', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const trained = element.train();
    const run = await learning(cognate);
    run.options.onProgress?.({ phase: 'fit', done: 10, total: 100, loss: 2.5 });
    await element.updateComplete;
    button(element, 'Pause')!.click();
    await element.updateComplete;
    expect(run.state.paused).to.be.true;
    expect(text(element)).to.contain('Paused');
    button(element, 'Go on')!.click();
    await element.updateComplete;
    expect(run.state.paused).to.be.false;
    button(element, 'Cancel')!.click();
    await trained;
    expect(run.state.cancelled).to.be.true;
    await element.updateComplete;
    expect(button(element, 'Train')!.disabled).to.be.false;
    expect(find(element, '[role=alert]')).to.be.null;
  });

  it('shows again what the last run has shown when the next one is cancelled, and nothing of it beside a file', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const trained = element.train();
    const first = await learning(cognate);
    first.options.onProgress?.({ phase: 'fit', done: 100, total: 100, loss: 0.5, heldOut: 0.42 });
    first.finish({ alignment: new Uint8Array(8), report: report('contrastive', 0.5) });
    await trained;
    const picture = await rested(element);
    const loss = (): string | undefined => find(element, '[part=loss] figcaption b')?.textContent;
    const again = element.train();
    const second = await learning(cognate, 3);
    const { source, target } = second.options.watch!;
    const watched = { source: { ...source, data: source.data.map((value, i) => value + i) }, target };
    second.options.onProgress?.({ phase: 'fit', done: 20, total: 100, loss: 2, heldOut: 0.2, watched });
    await element.updateComplete;
    expect(loss()).to.equal('2.00');
    await waitUntil(async () => (await rested(element)) !== picture, undefined, patient);
    button(element, 'Cancel')!.click();
    await again;
    await element.updateComplete;
    expect(loss()).to.equal('0.50');
    expect((await rested(element)) === picture).to.be.true;

    Object.assign(cognate, { use: async () => ({ report: report('ridge', 0.4) }) });
    await element.load(new Blob([new Uint8Array(8)]));
    await element.updateComplete;
    expect(loss()).to.be.undefined;
    expect(element.shadowRoot!.querySelectorAll('.before')).to.have.length(1);
  });

  it('shows nothing of a run that came to nothing', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const trained = element.train();
    const run = await learning(cognate);
    run.options.onProgress?.({ phase: 'fit', done: 20, total: 100, loss: 2, heldOut: 0.2 });
    run.fail(new CognateError('worker-failed', 'The worker died.'));
    await trained;
    await element.updateComplete;
    expect(element.shadowRoot!.querySelectorAll('.curves')).to.have.length(0);
    expect(element.shadowRoot!.querySelectorAll('.before')).to.have.length(1);
  });

  it('tells of the run under way when it was begun before the end of another', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const { starterPairs } = cognate;
    const late = Promise.withResolvers<void>();
    let asked = false;
    Object.assign(cognate, {
      starterPairs: async (...wanted: Parameters<typeof starterPairs>) => {
        asked = true;
        await late.promise;
        return starterPairs(...wanted);
      },
    });
    const first = element.train();
    await waitUntil(() => asked, undefined, patient);
    Object.assign(cognate, { starterPairs });
    const second = element.train();
    const run = await learning(cognate);
    late.resolve();
    await first;
    await element.updateComplete;
    expect(text(element)).to.contain('Learning from pairs');
    expect(localStorage.getItem('cognate-unfinished')).to.equal('1');
    run.finish({ alignment: new Uint8Array(8), report: report('contrastive', 0.5) });
    await second;
  });

  it('keeps the focus where it tells what is going on, when the button cannot be used any more', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const train = button(element, 'Train')!;
    train.focus();
    train.click();
    await element.updateComplete;
    expect(train.disabled).to.be.true;
    expect(element.shadowRoot!.activeElement?.matches('.frame > p[role=status]')).to.be.true;
    await learning(cognate);
  });

  it('offers a pause whatever the training is at', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    void element.train();
    const run = await learning(cognate);
    const stages: Progress[] = [
      { phase: 'prepare', done: 1, total: 3 },
      { phase: 'fit', done: 10, total: 100, loss: 2.5 },
      { phase: 'report', done: 1, total: 100 },
    ];
    for (const progress of stages) {
      run.options.onProgress?.(progress);
      await element.updateComplete;
      button(element, 'Pause')!.click();
      await element.updateComplete;
      expect(find(element, 'progress:indeterminate'), 'a bar that moves').to.be.null;
      button(element, 'Go on')!.click();
      await element.updateComplete;
    }
  });

  it('tells what the alignment is worth beside guessing, and lets the page use it', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const aligned = heard(element, 'cognate-aligned');
    void element.train();
    const alignment = Uint8Array.of(1, 2, 3);
    (await learning(cognate)).finish({ alignment, report: report('contrastive', 0.5) });
    expect((await aligned).detail.alignment).to.equal(alignment);
    await element.updateComplete;
    expect(find<CognateReport>(element, 'cognate-report').report!.forward!.recallAt10).to.equal(0.5);
    const used = heard(element, 'cognate-used');
    button(element, 'Use it')!.click();
    expect((await used).detail.report?.method).to.equal('contrastive');
    expect(cognate.used).to.deep.equal([alignment]);
    await element.updateComplete;
    void element.train();
    await waitUntil(() => button(element, 'Cancel') !== undefined, undefined, patient);
    button(element, 'Cancel')!.click();
    await element.updateComplete;
    expect(button(element, 'In use on this page')).not.to.be.undefined;
    button(element, 'Back to the starter')!.click();
    await waitUntil(() => cognate.used.length === 2, undefined, { timeout: 15_000 });
    expect(cognate.used[1]).to.be.undefined;
  });

  it('stays as it is while the page takes its alignment', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const trained = element.train();
    (await learning(cognate)).finish({ alignment: new Uint8Array(8), report: report('contrastive', 0.5) });
    await trained;
    await element.updateComplete;
    const taken = Promise.withResolvers<void>();
    Object.assign(cognate, { use: () => taken.promise });
    const used = heard(element, 'cognate-used');
    const shown = find(element, 'cognate-report');
    const use = button(element, 'Use it')!;
    use.focus();
    use.click();
    await element.updateComplete;
    expect([shown.isConnected, element.shadowRoot!.activeElement === use]).to.deep.equal([true, true]);
    taken.resolve();
    await used;
    await element.updateComplete;
    expect(find(element, 'cognate-report') === shown).to.be.true;
    expect(use.textContent).to.contain('In use on this page');
  });

  it('learns from pairs that the visitor brings, and refuses lines that it does not understand', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const area = find<HTMLTextAreaElement>(element, 'textarea');
    const write = (value: string): void => {
      area.value = value;
      area.dispatchEvent(new Event('input'));
    };
    write('no emoji');
    const failed = heard(element, 'cognate-error');
    await element.train();
    expect((await failed).detail.error.message).to.contain('Line 1 is not understood');
    write(`my dog, ${String.fromCodePoint(0x1f400)}`);
    void element.train();
    await waitUntil(() => cognate.fits.length === 1, undefined, patient);
    expect(cognate.fits[0]!.source.count).to.equal(41);
  });

  it('loads a saved alignment, and says what is wrong with a file that is none', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const summary = { report: report('ridge', 0.4) };
    Object.assign(cognate, { use: async () => summary });
    const used = heard(element, 'cognate-used');
    await element.load(new Blob([new Uint8Array(8)]));
    expect((await used).detail.report).to.equal(summary.report);
    Object.assign(cognate, {
      use: async () => {
        throw new CognateError('file-format', 'This file is cut short.');
      },
    });
    await element.load(new Blob(['{}']));
    await element.updateComplete;
    expect(find(element, '[role=alert]').textContent).to.contain('This file is cut short.');
  });

  it('tries again what has failed', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const file = Uint8Array.of(1, 2, 3);
    Object.assign(cognate, {
      use: async () => {
        throw new CognateError('worker-failed', 'The worker died.');
      },
    });
    await element.load(new Blob([file]));
    await element.updateComplete;
    const summary = { report: report('ridge', 0.4) };
    let loaded: Uint8Array | undefined;
    Object.assign(cognate, {
      use: async (bytes: Uint8Array) => {
        loaded = bytes;
        return summary;
      },
    });
    const used = heard(element, 'cognate-used');
    button(element, 'Try again')!.click();
    expect((await used).detail.report).to.equal(summary.report);
    expect(loaded).to.deep.equal(file);
    expect(cognate.fits).to.be.empty;
  });
});
