import { CognateError } from '@cognate/core';
import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { fakeCognate, fakePicture } from '../fake-cognate.ts';
import { heard } from '../heard.ts';
import type { CognateRestyle } from './cognate-restyle.ts';
import './cognate-restyle.ts';

const picture = new File(
  ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3" fill="red"/></svg>'],
  'dot.svg',
  { type: 'image/svg+xml' },
);

const make = (cognate = fakeCognate()): Promise<CognateRestyle> =>
  fixture(html`<cognate-restyle .cognate=${cognate}></cognate-restyle>`);

const find = <E extends Element>(element: CognateRestyle, selector: string): E =>
  element.shadowRoot!.querySelector<E>(selector)!;
const all = (element: CognateRestyle, selector: string): Element[] => [
  ...element.shadowRoot!.querySelectorAll(selector),
];

describe('<cognate-restyle>', () => {
  it('is accessible when empty, with paintings and with an error', async () => {
    const element = await make();
    await expect(element).to.be.accessible();
    await element.read(picture);
    await expect(element).to.be.accessible();
    await element.read(new Blob(['no picture'], { type: 'text/plain' }));
    await expect(element).to.be.accessible();
  });

  it('paints a picture in every style that the painter knows, beside the nearest real drawing', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    setTimeout(() => void element.read(picture));
    const { detail } = await heard(element, 'cognate-painted');
    expect(detail.paintings.map(({ style }) => style)).to.deep.equal(['noto', 'twemoji']);
    expect(cognate.made).to.deep.equal(['image>image:noto picture 0', 'image>image:twemoji picture 0']);
    await element.updateComplete;
    expect(all(element, '.style').map((each) => each.textContent)).to.deep.equal(['Noto', 'Twemoji']);
    expect(all(element, 'canvas')).to.have.length(2);
    expect(all(element, '[part=found] img')).to.have.length(2);
    expect(find(element, '[role=status]').textContent).to.equal('Painted in the styles of Noto, Twemoji.');
  });

  it('shows one style while it forms and the next is still to come', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cognate = fakeCognate(undefined, 0.8, (_, options) => {
      options?.onProgress?.({ phase: 'decode', done: 0, total: 1, partial: { index: 0, picture: fakePicture(1) } });
      return promise;
    });
    const element = await make(cognate);
    void element.read(picture);
    await waitUntil(() => all(element, 'canvas').length === 1, undefined, { timeout: 15_000 });
    expect(find(element, '[role=status]').textContent).to.equal('');
    resolve();
    await heard(element, 'cognate-painted');
    await element.updateComplete;
    expect(all(element, 'canvas')).to.have.length(2);
  });

  it('stops when told to', async () => {
    const cognate = fakeCognate(undefined, 0.8, () => new Promise(() => {}));
    const element = await make(cognate);
    void element.read(picture);
    await waitUntil(() => find(element, '[part=cancel]'), undefined, { timeout: 15_000 });
    find<HTMLButtonElement>(element, '[part=cancel]').click();
    await element.updateComplete;
    expect(cognate.makerSignals[0]!.aborted).to.be.true;
    expect(find(element, '[part=loading]')).to.be.null;
  });

  it('paints other pictures when asked, of the next seed', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    await element.read(picture);
    setTimeout(() => find<HTMLButtonElement>(element, '[part=again]').click());
    const { detail } = await heard(element, 'cognate-painted');
    expect(detail.paintings.map(({ seed }) => seed)).to.deep.equal([1, 1]);
    expect(cognate.calls).to.have.length(2);
  });

  it('says which paintings it is not sure of', async () => {
    const element = await make(fakeCognate(undefined, 0.05));
    await element.read(picture);
    expect(all(element, '[part=doubt]')).to.have.length(2);
  });

  it('shows real drawings, with a note, where nothing can be painted, and tries again when asked', async () => {
    let fail = true;
    const cognate = fakeCognate(undefined, 0.8, () => {
      if (fail) throw new CognateError('load-failed', 'The painter cannot be fetched.');
    });
    const element = await make(cognate);
    await element.read(picture);
    expect(find(element, '[part=note]').textContent).to.contain('The painter cannot be fetched.');
    expect(all(element, '[part=found] img')).to.have.length(2);
    await expect(element).to.be.accessible();
    fail = false;
    setTimeout(() => find<HTMLButtonElement>(element, '[part=retry-made]').click());
    await heard(element, 'cognate-painted');
  });

  it('says in a sentence what is wrong with a file, and works on afterwards', async () => {
    const element = await make();
    setTimeout(() => void element.read(new File(['dear diary'], 'notes.txt', { type: 'text/plain' })));
    const { detail } = await heard(element, 'cognate-error');
    expect(detail.error.message).to.contain('“notes.txt” is not a picture');
    await element.read(picture);
    expect(find(element, '[role=alert]')).to.be.null;
    expect(all(element, 'canvas')).to.have.length(2);
  });
});
