import { CognateError, isCognateError } from '@cognate/core';
import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { useAlignment } from '../connection.ts';
import { fakeCognate } from '../fake-cognate.ts';
import { heard } from '../heard.ts';
import type { CognateCaption } from './cognate-caption.ts';
import './cognate-caption.ts';

const picture = new Blob(
  ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3" fill="red"/></svg>'],
  { type: 'image/svg+xml' },
);

const make = (cognate = fakeCognate(), language = 'de'): Promise<CognateCaption> =>
  fixture(html`<cognate-caption .cognate=${cognate} language=${language}></cognate-caption>`);

const text = (element: CognateCaption): string => element.shadowRoot!.textContent.replace(/\s+/g, ' ');
const find = <E extends Element>(element: CognateCaption, selector: string): E =>
  element.shadowRoot!.querySelector<E>(selector)!;

describe('<cognate-caption>', () => {
  it('is accessible when empty, with names and with an error', async () => {
    const element = await make();
    await expect(element).to.be.accessible();
    await element.read(picture);
    await expect(element).to.be.accessible();
    await element.read(new Blob(['no picture'], { type: 'text/plain' }));
    await expect(element).to.be.accessible();
  });

  it('names a picture in its language, best first, and says so', async () => {
    const element = await make();
    setTimeout(() => void element.read(picture));
    const { detail } = await heard(element, 'cognate-captioned');
    expect(detail.language).to.equal('de');
    await element.updateComplete;
    const names = [...element.shadowRoot!.querySelectorAll('.name')].map((name) => name.textContent);
    expect(names).to.deep.equal(['de name 0', 'de name 1', 'de name 2', 'de name 3']);
    expect(find(element, '[role=status]').textContent).to.contain('de name 0, trust 80 %');
  });

  it('writes a caption token by token, and says it aloud only when it is finished', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cognate = fakeCognate(undefined, 0.8, (_, options) => {
      options?.onProgress?.({ phase: 'decode', done: 0, total: 1, partial: { index: 0, text: 'ein ro' } });
      return promise;
    });
    const element = await make(cognate);
    const reading = element.read(picture);
    await waitUntil(() => find(element, '.forming'), undefined, { timeout: 15_000 });
    expect(find(element, '[part=written]').textContent).to.equal('ein ro');
    expect(find(element, '[role=status]').textContent).to.equal('');
    setTimeout(resolve);
    const { detail } = await heard(element, 'cognate-written');
    expect(detail.captions.map((each) => each.text)).to.deep.equal(['de text 0']);
    await reading;
    await element.updateComplete;
    expect(find(element, '[part=written]').textContent).to.equal('de text 0');
    expect(find(element, '[role=status]').textContent).to.contain('Written: de text 0, trust 80 %.');
  });

  it('writes another caption when asked, of the seed that the visitor reads', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    await element.read(picture);
    setTimeout(() => find<HTMLButtonElement>(element, '[part=again]').click());
    await heard(element, 'cognate-written');
    await element.updateComplete;
    const seed = find<HTMLInputElement>(element, '[part=seed] input');
    expect(seed.value).to.equal('1');
    seed.value = '7';
    setTimeout(() => seed.dispatchEvent(new Event('change')));
    await heard(element, 'cognate-written');
    expect(cognate.made).to.deep.equal([0, 1, 7].map((each) => `image>text:de picture ${each}`));
    expect(cognate.calls).to.have.length(1);
  });

  it('shows real names, with a note, where nothing can be written, and tries again when asked', async () => {
    let fail = true;
    const cognate = fakeCognate(undefined, 0.8, () => {
      if (fail) throw new CognateError('load-failed', 'The captioner cannot be fetched.');
    });
    const element = await make(cognate);
    await element.read(picture);
    expect(find(element, '[part=note]').textContent).to.contain('The captioner cannot be fetched.');
    expect(find(element, '[role=alert]')).to.be.null;
    expect(text(element)).to.contain('de name 0');
    await expect(element).to.be.accessible();
    fail = false;
    setTimeout(() => find<HTMLButtonElement>(element, '[part=retry-made]').click());
    await heard(element, 'cognate-written');
  });

  it('only finds names in a language that the captioner does not write', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate, 'en');
    await element.read(picture);
    expect(cognate.made).to.be.empty;
    expect(find(element, '[part=note]').textContent).to.contain('does not write English');
  });

  it('asks for nothing before a picture comes', async () => {
    const cognate = fakeCognate();
    await make(cognate);
    expect(cognate.calls).to.be.empty;
  });

  it('names the same picture again when another language is chosen, and tells that the visitor chose', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    await element.read(picture);
    const select = find<HTMLSelectElement>(element, 'select');
    select.value = 'fr';
    setTimeout(() => select.dispatchEvent(new Event('change')));
    const { detail } = await heard(element, 'cognate-change');
    expect(detail).to.deep.equal({ property: 'language', value: 'fr' });
    await heard(element, 'cognate-captioned');
    expect(cognate.calls).to.deep.equal(['image>text:de picture', 'image>text:fr picture']);
  });

  it('names the picture again when a language is chosen for the first time', async () => {
    const cognate = fakeCognate();
    const element: CognateCaption = await fixture(html`<cognate-caption .cognate=${cognate}></cognate-caption>`);
    await element.read(picture);
    const select = find<HTMLSelectElement>(element, 'select');
    select.value = 'fr';
    setTimeout(() => select.dispatchEvent(new Event('change')));
    await heard(element, 'cognate-captioned');
    expect(cognate.calls.at(-1)).to.equal('image>text:fr picture');
  });

  it('sends no change event when the page sets the language', async () => {
    const element = await make();
    element.addEventListener('cognate-change', () => expect.fail('the visitor did nothing'));
    element.language = 'fr';
    await element.updateComplete;
  });

  it('reads a dropped file', async () => {
    const element = await make();
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([picture], 'dot.svg', { type: 'image/svg+xml' }));
    setTimeout(() => find(element, '.zone').dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true })));
    await heard(element, 'cognate-captioned');
    expect(find<HTMLImageElement>(element, '[part=picture]').alt).to.equal('dot.svg');
  });

  it('reads a pasted picture, but leaves text that is pasted into a field alone', async () => {
    const element = await make();
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'https://example.org/cat.png');
    const field = find<HTMLInputElement>(element, 'input[name=address]');
    field.focus();
    const typed = new ClipboardEvent('paste', { clipboardData, bubbles: true, composed: true, cancelable: true });
    field.dispatchEvent(typed);
    expect(typed.defaultPrevented).to.be.false;
    field.blur();

    const withFile = new DataTransfer();
    withFile.items.add(new File([picture], 'dot.svg', { type: 'image/svg+xml' }));
    setTimeout(() =>
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: withFile, bubbles: true })),
    );
    await heard(element, 'cognate-captioned');
  });

  it('reads a picture at hand when its button is pressed', async () => {
    const element = await make();
    const button = document.createElement('button');
    button.slot = 'samples';
    button.innerHTML = `<img alt="dot" src="${URL.createObjectURL(picture)}">`;
    element.append(button);
    setTimeout(() => button.click());
    await heard(element, 'cognate-captioned');
  });

  it('names the picture at its src attribute', async () => {
    const element = await make();
    setTimeout(() => element.setAttribute('src', URL.createObjectURL(picture)));
    await heard(element, 'cognate-captioned');
  });

  it('reads the picture at an address', async () => {
    const element = await make();
    find<HTMLInputElement>(element, 'input[name=address]').value = URL.createObjectURL(picture);
    setTimeout(() => find<HTMLFormElement>(element, 'form').requestSubmit());
    await heard(element, 'cognate-captioned');
  });

  it('says in a sentence what is wrong with a file, and works on afterwards', async () => {
    const element = await make();
    const notes = new File(['dear diary'], 'notes.txt', { type: 'text/plain' });
    setTimeout(() => void element.read(notes));
    const { detail } = await heard(element, 'cognate-error');
    expect(isCognateError(detail.error) && detail.error.code).to.equal('invalid-input');
    await element.updateComplete;
    expect(find(element, '[role=alert]').textContent).to.contain('“notes.txt” is not a picture');
    await element.read(picture);
    expect(find(element, '[role=alert]')).to.be.null;
    expect(text(element)).to.contain('de name 0');
  });

  it('drops the answer of a picture when another has come', async () => {
    const first = Promise.withResolvers<void>();
    let calls = 0;
    const cognate = fakeCognate(() => (calls++ === 0 ? first.promise : undefined));
    const element = await make(cognate);
    let captioned = 0;
    element.addEventListener('cognate-captioned', () => captioned++);
    const slow = element.read(picture);
    await waitUntil(() => cognate.calls.length === 1, undefined, { timeout: 15_000 });
    await element.read(picture);
    first.resolve();
    await slow;
    expect(cognate.signals[0]!.aborted).to.be.true;
    expect(captioned).to.equal(1);
  });

  it('shows how far a download has come, and stops when told to', async () => {
    const cognate = fakeCognate((_, options) => {
      options?.onProgress?.({ phase: 'download', file: 'model.onnx', done: 1_500_000, total: 4_000_000 });
      return new Promise((_, reject) => {
        options?.signal?.addEventListener('abort', () => reject(options.signal!.reason));
      });
    });
    const element = await make(cognate);
    void element.read(picture);
    await waitUntil(() => find(element, '[part=loading]'), undefined, { timeout: 15_000 });
    expect(text(element)).to.contain('1.5 of 4.0 MB, 2.5 MB left');
    await expect(element).to.be.accessible();
    find<HTMLButtonElement>(element, '[part=cancel]').click();
    await element.updateComplete;
    expect(cognate.signals[0]!.aborted).to.be.true;
    expect(find(element, '[part=loading]')).to.be.null;
    expect(find(element, '[role=alert]')).to.be.null;
  });

  it('tries again after a failure that may pass', async () => {
    let fail = true;
    const cognate = fakeCognate(() => {
      if (fail) throw new CognateError('worker-failed', 'The worker stopped.');
    });
    const element = await make(cognate);
    await element.read(picture);
    expect(text(element)).to.contain('The worker stopped.');
    fail = false;
    setTimeout(() => find<HTMLButtonElement>(element, '[part=retry]').click());
    await heard(element, 'cognate-captioned');
  });

  it('says when it is not sure', async () => {
    const element = await make(fakeCognate(undefined, 0.1));
    await element.read(picture);
    expect(text(element)).to.contain('Not sure. Read again');
    expect(text(element)).to.contain('Not sure. These names');
  });

  it('names its picture again by a new alignment', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    await element.read(picture);
    setTimeout(() => void useAlignment(cognate, new Uint8Array(8)));
    await heard(element, 'cognate-captioned');
    expect(cognate.used).to.have.length(1);
    expect(cognate.calls).to.have.length(2);
  });
});
