import { CognateError } from '@cognate/core';
import { expect, fixture, html } from '@open-wc/testing';
import { fakeCognate } from '../fake-cognate.ts';
import { heard } from '../heard.ts';
import type { CognateBlend } from './cognate-blend.ts';
import './cognate-blend.ts';

const picture = new File(
  ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3" fill="red"/></svg>'],
  'dot.svg',
  { type: 'image/svg+xml' },
);

const make = (cognate = fakeCognate()): Promise<CognateBlend> =>
  fixture(html`<cognate-blend .cognate=${cognate} language="de" from="fox" to="rainbow"></cognate-blend>`);
const both = (element: CognateBlend) =>
  Promise.all([heard(element, 'cognate-painted'), heard(element, 'cognate-written')]);
const find = <E extends Element>(element: CognateBlend, selector: string): E =>
  element.shadowRoot!.querySelector<E>(selector)!;

describe('<cognate-blend>', () => {
  it('is accessible when empty, mixed and with an error', async () => {
    let fail = false;
    const cognate = fakeCognate(undefined, 0.8, () => {
      if (fail) throw new CognateError('worker-failed', 'The worker stopped.');
    });
    const element: CognateBlend = await fixture(
      html`<cognate-blend .cognate=${cognate} language="de"></cognate-blend>`,
    );
    await expect(element).to.be.accessible();
    expect(cognate.made).to.be.empty;
    element.from = 'fox';
    element.to = 'rainbow';
    await both(element);
    await element.updateComplete;
    await expect(element).to.be.accessible();
    fail = true;
    element.share = 0.2;
    await heard(element, 'cognate-error');
    await element.updateComplete;
    expect(find(element, '[role=alert]').textContent).to.contain('The worker stopped.');
    await expect(element).to.be.accessible();
  });

  it('paints and writes what lies between two words, and says how much of each', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const [painted, written] = await both(element);
    expect(painted.detail.paintings.map(({ style }) => style)).to.deep.equal(['noto']);
    expect(written.detail.captions.map(({ text }) => text)).to.deep.equal(['de text 0']);
    await element.updateComplete;
    expect(find(element, '[role=status]').textContent).to.contain('50 % fox, 50 % rainbow: de text 0');
  });

  it('makes another sample of another point when the slider moves, and encodes nothing again', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    await both(element);
    const before = cognate.encoded.length;
    const slider = find<HTMLInputElement>(element, '[part=slider]');
    slider.value = '0.25';
    setTimeout(() => slider.dispatchEvent(new Event('input')));
    await both(element);
    expect(cognate.encoded).to.have.length(before);
    expect(element.share).to.equal(0.25);
    expect(slider.getAttribute('aria-valuetext')).to.equal('75 % fox, 25 % rainbow');
  });

  it('mixes a word with a picture in the space of pictures', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    await both(element);
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(picture);
    setTimeout(() => find(element, '.end').dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true })));
    await both(element);
    expect(cognate.encoded.slice(-2)).to.have.members(['image', 'text']);
    expect(cognate.mapped).to.deep.equal(['cognate-text@1']);
    await element.updateComplete;
    expect(find<HTMLImageElement>(element, '.print img').alt).to.equal('dot.svg');
  });
});
