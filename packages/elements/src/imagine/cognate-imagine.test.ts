import { CognateError } from '@cognate/core';
import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { fakeCognate, fakePicture } from '../fake-cognate.ts';
import { heard } from '../heard.ts';
import type { CognateImagine } from './cognate-imagine.ts';
import './cognate-imagine.ts';

const make = (cognate = fakeCognate()): Promise<CognateImagine> =>
  fixture(html`<cognate-imagine .cognate=${cognate} examples="dog | chat noir"></cognate-imagine>`);

const find = <E extends Element>(element: CognateImagine, selector: string): E =>
  element.shadowRoot!.querySelector<E>(selector)!;

/** Of the painting that is shown large. */
const red = (element: CognateImagine): number =>
  find<HTMLCanvasElement>(element, '.large canvas').getContext('2d')!.getImageData(0, 0, 1, 1).data[0]!;

function type(element: CognateImagine, phrase: string): void {
  const input = find<HTMLInputElement>(element, 'input');
  input.value = phrase;
  input.dispatchEvent(new Event('input'));
}

describe('<cognate-imagine>', () => {
  it('is accessible when empty and with pictures', async () => {
    const element = await make();
    await expect(element).to.be.accessible();
    element.phrase = 'dog';
    await heard(element, 'cognate-imagined');
    await element.updateComplete;
    await expect(element).to.be.accessible();
  });

  it('asks once for a phrase that is typed letter by letter', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    for (const part of ['d', 'do', 'dog']) type(element, part);
    await heard(element, 'cognate-imagined');
    expect(cognate.calls).to.deep.equal(['text>image:noto dog']);
  });

  it('aborts the phrase before when another is typed', async () => {
    const cognate = fakeCognate((call) => (call.endsWith('dog') ? new Promise(() => {}) : undefined));
    const element = await make(cognate);
    type(element, 'dog');
    await waitUntil(() => cognate.calls.length === 1, undefined, { timeout: 15_000 });
    type(element, 'cat');
    const { detail } = await heard(element, 'cognate-imagined');
    expect(detail.phrase).to.equal('cat');
    expect(cognate.signals[0]!.aborted).to.be.true;
  });

  it('takes an example at once, and tells that the visitor chose it', async () => {
    const element = await make();
    setTimeout(() => find<HTMLButtonElement>(element, '.chip:nth-of-type(2)').click());
    const { detail } = await heard(element, 'cognate-change');
    expect(detail).to.deep.equal({ property: 'phrase', value: 'chat noir' });
    await element.updateComplete;
    expect(find<HTMLInputElement>(element, 'input').value).to.equal('chat noir');
  });

  it('shows pictures that have names, and tells which one is pressed', async () => {
    const element = await make();
    element.phrase = 'dog';
    await heard(element, 'cognate-imagined');
    await element.updateComplete;
    expect(find(element, '.picture').ariaLabel).to.equal('\u{1F430}');
    setTimeout(() => find<HTMLButtonElement>(element, '.picture').click());
    const { detail } = await heard(element, 'cognate-picked');
    expect(detail.hexcode).to.equal('1F430');
  });

  it('finds pictures of another style when one is chosen', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    element.phrase = 'dog';
    await heard(element, 'cognate-imagined');
    const select = find<HTMLSelectElement>(element, 'select');
    select.value = 'openmoji';
    setTimeout(() => select.dispatchEvent(new Event('change')));
    await heard(element, 'cognate-imagined');
    expect(cognate.calls).to.deep.equal(['text>image:noto dog', 'text>image:openmoji dog']);
  });

  it('paints a sheet to choose from, best first, and shows the chosen one', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    element.phrase = 'dog';
    const { detail } = await heard(element, 'cognate-painted');
    expect(detail.paintings).to.have.length(4);
    expect(cognate.made).to.deep.equal(['text>image:noto dog 0']);
    await element.updateComplete;
    expect(red(element)).to.equal(0);
    const thumbs = element.shadowRoot!.querySelectorAll<HTMLButtonElement>('button.thumb');
    thumbs[2]!.click();
    await element.updateComplete;
    expect([...thumbs].map((each) => each.ariaPressed)).to.deep.equal(['false', 'false', 'true', 'false']);
    expect(red(element)).to.equal(80);
    await expect(element).to.be.accessible();
  });

  it('paints with the next seed when asked, without looking for drawings again', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    element.phrase = 'dog';
    await heard(element, 'cognate-painted');
    await element.updateComplete;
    setTimeout(() => find<HTMLButtonElement>(element, '[part=again]').click());
    const { detail } = await heard(element, 'cognate-painted');
    expect(detail.paintings[0]!.seed).to.equal(1);
    expect(cognate.calls).to.have.length(1);
  });

  it('shows the painting as it forms', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cognate = fakeCognate(undefined, 0.8, (_, options) => {
      options?.onProgress?.({ phase: 'decode', done: 0, total: 1, partial: { index: 0, picture: fakePicture(6) } });
      return promise;
    });
    const element = await make(cognate);
    element.phrase = 'dog';
    await waitUntil(() => find(element, '.large canvas') && red(element) === 240, undefined, { timeout: 15_000 });
    expect(find(element, '[role=status]').textContent).to.equal('');
    setTimeout(resolve);
    await heard(element, 'cognate-painted');
    await element.updateComplete;
    expect(red(element)).to.equal(0);
  });

  it('hands out the chosen painting as PNG', async () => {
    const element = await make();
    element.phrase = 'dog';
    await heard(element, 'cognate-painted');
    await element.updateComplete;
    const { click } = HTMLAnchorElement.prototype;
    const saved = new Promise<{ name: string; url: string }>((done) => {
      HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
        done({ name: this.download, url: this.href });
      };
    });
    find<HTMLButtonElement>(element, '[part=save]').click();
    const { name, url } = await saved;
    HTMLAnchorElement.prototype.click = click;
    expect(name).to.equal('dog-noto-0.png');
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
    expect([...bytes.subarray(1, 4)].map((each) => String.fromCharCode(each)).join('')).to.equal('PNG');
  });

  it('only finds drawings of a style that the painter does not know', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    element.pictureStyle = 'openmoji';
    element.phrase = 'dog';
    await heard(element, 'cognate-imagined');
    await element.updateComplete;
    expect(cognate.made).to.be.empty;
    expect(find(element, '[part=note]').textContent).to.contain('has not learned this style');
  });

  it('shows real drawings, with a note, where nothing can be painted', async () => {
    const element = await make(
      fakeCognate(undefined, 0.8, () => {
        throw new CognateError('load-failed', 'The painter cannot be fetched.');
      }),
    );
    element.phrase = 'dog';
    await Promise.all([heard(element, 'cognate-imagined'), heard(element, 'cognate-error')]);
    await element.updateComplete;
    expect(find(element, '[part=note]').textContent).to.contain('The painter cannot be fetched.');
    expect(find(element, '.pictures')).to.exist;
    await expect(element).to.be.accessible();
  });

  it('goes back to its beginning when the phrase is cleared', async () => {
    const element = await make();
    element.phrase = 'dog';
    await heard(element, 'cognate-imagined');
    element.phrase = '  ';
    await element.updateComplete;
    await element.updateComplete;
    expect(find(element, '.pictures')).to.be.null;
    expect(find(element, '.waiting')).to.exist;
  });

  it('shows an error in a sentence, sends it, and works on afterwards', async () => {
    const cognate = fakeCognate((call) => {
      if (call.endsWith('x')) throw new CognateError('invalid-input', 'This phrase is too long.');
    });
    const element = await make(cognate);
    element.phrase = 'x';
    const { detail } = await heard(element, 'cognate-error');
    expect(detail.error.message).to.equal('This phrase is too long.');
    await element.updateComplete;
    expect(find(element, '[role=alert]').textContent).to.contain('This phrase is too long.');
    await expect(element).to.be.accessible();
    element.phrase = 'dog';
    await heard(element, 'cognate-imagined');
    await element.updateComplete;
    expect(find(element, '[role=alert]')).to.be.null;
  });
});
