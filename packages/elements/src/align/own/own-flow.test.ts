import { CognateError } from '@cognate/core';
import { writeNpy } from '@cognate/data';
import { expect, waitUntil } from '@open-wc/testing';
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
import { picked } from '../../../../../test/helpers/data-in.ts';
import { fakeCognate } from '../../fake-cognate.ts';
import { heard } from '../../heard.ts';
import type { CognateReport } from '../../report/cognate-report.ts';

function vectors(name: string, dim: number): File {
  const data = Float32Array.from({ length: 20 * dim }, (_, i) => Math.sin(i * dim));
  return new File([writeNpy({ space: { dim }, count: 20, data })], name);
}

describe('<cognate-align pairs="own">', () => {
  afterEach(() => {
    localStorage.clear();
    sessionStorage.clear();
  });

  it('is accessible from the empty field to the translator', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    await expect(element).to.be.accessible();
    paste(element, columns);
    await appears(element, '[part=check]');
    await expect(element).to.be.accessible();
    await trained(element, cognate);
    await expect(element).to.be.accessible();
  });

  it('shows what it has read, and names the rows that it left out', async () => {
    const element = await make(fakeCognate());
    paste(element, columns.replace('duck,', 'duck'));
    await appears(element, '[part=check]');
    expect(text(element, '.pairs thead')).to.equal('English German');
    expect(text(element, '.pairs tbody tr')).to.equal('dog Tier 0');
    expect(text(element, '[part=check]')).to.contain('11 pairs').and.to.contain('200 make a translator');
    expect(text(element, '[part=troubles]')).to.contain('line 7: ');
  });

  it('lets the visitor choose among more columns than two', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    paste(
      element,
      ['English\tGerman\tFrench', ...animals.map((each) => `${each}\tein ${each}\tun ${each}`)].join('\n'),
    );
    await appears(element, '.pairs select');
    const right = find<HTMLSelectElement>(element, 'select[aria-label="Right column"]');
    right.value = '2';
    right.dispatchEvent(new Event('change'));
    await element.updateComplete;
    expect(text(element, '.pairs tbody tr')).to.equal('dog un dog');
  });

  it('takes the other side wherever it is dropped, once one is read', async () => {
    const element = await make(fakeCognate());
    const dropped = async (type: string, files: readonly File[]): Promise<Event> => {
      const dataTransfer = { items: [], types: ['Files'], files };
      const event = Object.assign(new Event(type, { bubbles: true, cancelable: true }), { dataTransfer });
      find(element, '[part=check] h2, .intake').dispatchEvent(event);
      await element.updateComplete;
      return event;
    };
    const list = (name: string, thing: string): File => new File([`${thing}\n`.repeat(12)], name);
    await dropped('drop', [picked('p/dog.png'), picked('p/cat.png')]);
    await appears(element, '[part=check]');
    expect((await dropped('dragover', [])).defaultPrevented).to.equal(true);
    expect(find(element, '[part=more] input[webkitdirectory]')).to.not.be.null;
    await dropped('drop', [new File(['file,caption\ndog.png,a dog\ncat.png,a cat'], 't.csv')]);
    await waitUntil(() => text(element, '.pairs thead').includes('caption'), 'no captions', patient);
    expect(text(element, '.pairs tbody tr')).to.equal('a dog');
    expect(find(element, '[part=more]')).to.be.null;
    find<HTMLButtonElement>(element, '[part=check] .chip').click();
    await element.updateComplete;
    await dropped('drop', [list('en.txt', 'dog'), list('de.txt', 'Hund')]);
    await appears(element, '[part=check]');
    expect(text(element, '.pairs thead')).to.equal('en de');
  });

  it('lets the visitor say how the letters of a file are written that is not Unicode', async () => {
    const element = await make(fakeCognate());
    await element.bring([new File(['English,German\nsize,Gr', Uint8Array.of(0xf6, 0xdf), 'e\ndog,Hund'], 'a.csv')]);
    await appears(element, '[part=encoding]');
    await expect(element).to.be.accessible();
    expect(text(element, '.pairs tbody tr')).to.equal('size Größe');
    const select = find<HTMLSelectElement>(element, '[part=encoding] select');
    expect(select.selectedOptions[0]!.text).to.equal('Western (windows-1252)');
    select.value = 'windows-1251';
    select.dispatchEvent(new Event('change'));
    await waitUntil(() => text(element, '.pairs tbody tr') === 'size GrцЯe');
    expect(find<HTMLSelectElement>(element, '[part=encoding] select').value).to.equal('windows-1251');
  });

  it('says what is missing where there are no two columns', async () => {
    const element = await make(fakeCognate());
    const failed = heard(element, 'cognate-error');
    paste(element, 'dog\ncat\ncow');
    expect((await failed).detail.error.message).to.contain('Two columns are needed');
    await element.updateComplete;
    expect(text(element, '[role=alert]')).to.contain('put a tab or a comma between');
  });

  it('says so when a file is empty', async () => {
    const element = await make(fakeCognate());
    const failed = heard(element, 'cognate-error');
    await element.bring([new File([], 'words.csv')]).catch(() => {});
    expect((await failed).detail.error.message).to.equal('words.csv is empty');
  });

  it('tells both sides of one encoder apart, forecasts, and shows its progress', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    paste(element, columns);
    await appears(element, '.train');
    find<HTMLButtonElement>(element, '.train').click();
    await waitUntil(() => cognate.fits.length === 1, 'no fit', patient);
    const { source, target, options } = cognate.fits[0]!;
    expect([source.count, target.count]).to.deep.equal([12, 12]);
    expect(source.space.id).not.to.equal(target.space.id);
    expect(options.name).to.equal('English and German');
    options.onProgress?.({ phase: 'fit', done: 30, total: 100, loss: 1, heldOut: 0.5, saved: 20 });
    await element.updateComplete;
    expect(text(element, '[part=loading]')).to.contain('step 30 of 100').and.to.contain('step 20 is kept');
    expect(text(element, '[part=forecast]')).to.contain('These look alignable');
    button(element, 'Cancel').click();
    expect(cognate.fits[0]!.state.cancelled).to.be.true;
    await appears(element, '.train');
    expect(localStorage).to.be.empty;
  });

  it('keeps the focus where it tells what is going on, when a button goes', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const focused = (): Element | null => element.shadowRoot!.activeElement;
    paste(element, columns);
    await appears(element, '.train');
    const train = find<HTMLButtonElement>(element, '.train');
    train.focus();
    train.click();
    await waitUntil(() => find(element, '.train') === null, undefined, patient);
    expect(focused()?.matches('.frame > p[role=status]')).to.be.true;
    await waitUntil(() => cognate.fits.length === 1, 'no fit', patient);
    await appears(element, '[part=cancel]');
    const cancel = find<HTMLButtonElement>(element, '[part=cancel]');
    // The next one by Tab.
    expect(focused()!.compareDocumentPosition(cancel)).to.equal(Node.DOCUMENT_POSITION_FOLLOWING);
    cancel.focus();
    cancel.click();
    await appears(element, '.train');
    expect(focused()?.matches('.frame > p[role=status]')).to.be.true;
  });

  it('keeps the focus in the field while pairs are typed, line by line', async () => {
    const element = await make(fakeCognate());
    const field = (): HTMLTextAreaElement => find(element, '.intake textarea');
    field().focus();
    paste(element, 'dog,Hund');
    await appears(element, '[part=check]');
    expect(text(element, '[part=check]')).to.contain(': 1 pair.');
    expect(text(element, '.frame > [role=status]')).to.equal('Do these belong together?');
    expect(element.shadowRoot!.activeElement === field()).to.be.true;
    paste(element, 'dog,Hund\ncat,Katze');
    await waitUntil(() => text(element, '[part=check]').includes('2 pairs'), 'not read', patient);
    expect(field().value).to.equal('dog,Hund\ncat,Katze');
  });

  it('shows nothing of what was in the field before', async () => {
    const element = await make(fakeCognate());
    const gone = (): Promise<void> => waitUntil(() => find(element, '[part=check]') === null, 'still there', patient);
    paste(element, columns);
    await appears(element, '.train');
    paste(element, 'dog');
    await appears(element, '[part=error]');
    await gone();
    expect(element.shadowRoot!.querySelectorAll('.train')).to.have.length(0);
    paste(element, columns);
    await appears(element, '.train');
    paste(element, '');
    await gone();
    expect(element.shadowRoot!.querySelectorAll('.intake')).to.have.length(1);
  });

  it('says how many pairs it takes at least', async () => {
    const element = await make(fakeCognate());
    paste(element, columns.split('\n').slice(0, 4).join('\n'));
    await appears(element, '.train');
    find<HTMLButtonElement>(element, '.train').click();
    await appears(element, '[part=error]');
    expect(text(element, '[part=error]')).to.equal('4 different pairs are the fewest to learn from, and there are 3.');
  });

  it('lets go of an error with what it was about', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const errors = () => element.shadowRoot!.querySelectorAll('[part=error]');
    const [chosen, picker] = [new DataTransfer(), find<HTMLInputElement>(element, '.intake input[type=file]')];
    chosen.items.add(vectors('a.npy', 3));
    picker.files = chosen.files;
    picker.dispatchEvent(new Event('change'));
    await appears(element, '[part=error]');
    button(element, 'Start over').click();
    await element.updateComplete;
    expect(errors()).to.have.length(0);
    paste(element, columns);
    (await begun(element, cognate)).fail(new CognateError('invalid-input', 'These cannot be aligned.'));
    await appears(element, '[part=error]');
    button(element, 'Something else').click();
    await element.updateComplete;
    expect(errors()).to.have.length(0);
    expect(text(element, '.frame > [role=status]')).to.equal('');
  });

  it('keeps the focus where there is something to do, when what had it goes', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    element.innerHTML = '<div slot="examples"><button>words</button></div>';
    const focused = (): string => element.shadowRoot!.activeElement?.textContent.replace(/\s+/g, ' ').trim() ?? '';
    const press = async (name: string): Promise<void> => {
      button(element, name).focus();
      button(element, name).click();
      await element.updateComplete;
    };
    const inField = (): boolean => element.shadowRoot!.activeElement === find(element, '.intake textarea');
    element.querySelector('button')!.focus();
    await element.bring(columns);
    await element.updateComplete;
    expect(focused()).to.equal('Do these belong together?');
    await press('Something else');
    expect(inField()).to.be.true;
    paste(element, columns);
    await trained(element, cognate);
    await press('Add pairs');
    expect(focused()).to.equal('Add none');
    await press('Add none');
    expect(focused()).to.equal('Add pairs');
    await press('Start over');
    expect(inField()).to.be.true;
  });

  it('becomes a translator, either way', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    paste(element, columns);
    await trained(element, cognate);
    const ask = find<HTMLInputElement>(element, '.ask');
    ask.value = 'a hedgehog';
    ask.dispatchEvent(new Event('input'));
    await appears(element, '[part=result]');
    const answers = (): string[] =>
      [...element.shadowRoot!.querySelectorAll('[part=result] > :first-child')].map((each) => each.textContent);
    expect(answers()).to.have.length(5);
    expect(answers().every((each) => each.startsWith('Tier '))).to.be.true;
    expect(text(element, '[part=translator] [role=status]')).to.equal(answers().join(', '));
    button(element, 'German → English').click();
    await element.updateComplete;
    button(element, 'Tier 1').click();
    await waitUntil(() => animals.includes(answers()[0] ?? ''), 'no answer', patient);
    expect(text(element, '[part=translator]')).to.contain('learned from this very pair');
  });

  it('asks for nothing that is not in its field any more', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    paste(element, columns);
    await trained(element, cognate);
    const type = (words: string): void => {
      const ask = find<HTMLInputElement>(element, '.ask');
      ask.value = words;
      ask.dispatchEvent(new Event('input'));
    };
    const pause = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 400));
    const before = cognate.encoded.length;
    type('puppy');
    type('');
    await pause();
    type('kitten');
    button(element, 'German → English').click();
    await pause();
    expect(cognate.encoded.length).to.equal(before);
    expect(find(element, '[part=result]')).to.be.null;
    expect(find<HTMLInputElement>(element, '.ask').value).to.equal('');
  });

  it('has the words that were learned from ready after a reload', async () => {
    const cognate = fakeCognate();
    paste(await make(cognate), columns);
    const first = document.querySelector('cognate-align')!;
    await trained(first, cognate);
    first.remove();
    const again = await make(cognate);
    expect(text(again, '[part=pairs]')).to.contain('12 pairs of English and German');
    await trained(again, cognate);
    expect(find(again, '[part=translator]')).to.not.be.null;
    button(again, 'Start over').click();
    again.remove();
    expect(find(await make(cognate), '[part=pairs]')).to.be.null;
  });

  it('starts over with nothing', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    paste(element, columns);
    await trained(element, cognate);
    button(element, 'Start over').click();
    await element.updateComplete;
    expect(find(element, 'cognate-report')).to.be.null;
    expect(find(element, '[part=translator]')).to.be.null;
    expect(find<HTMLTextAreaElement>(element, '.intake textarea').value).to.equal('');
  });

  it('takes vectors as they are, a file for each side', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    await element.bring([vectors('a.npy', 3), vectors('b.npy', 5)]);
    await appears(element, '[part=check]');
    const { source, target } = await trained(element, cognate);
    expect([source.space.dim, target.space.dim]).to.deep.equal([3, 5]);
    expect(Array.from(source.data.subarray(0, 3))).to.deep.equal(
      Array.from(Float32Array.of(0, Math.sin(3), Math.sin(6))),
    );
  });

  it('lets the browser say which rows there are when it is asked for another', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    await element.bring([vectors('a.npy', 3), vectors('b.npy', 5)]);
    await trained(element, cognate);
    const row = find<HTMLInputElement>(element, '.translator input[type=number]');
    const told = new Promise((invalid) => row.addEventListener('invalid', invalid));
    row.value = '21';
    row.dispatchEvent(new Event('change'));
    await told;
  });

  it('takes no room for what is not shown', async () => {
    const element = await make(fakeCognate());
    const frame = find(element, '.frame');
    const last = find(element, '.intake').getBoundingClientRect().bottom;
    expect(frame.getBoundingClientRect().bottom - last).to.equal(parseFloat(getComputedStyle(frame).paddingBottom));
  });

  it('has room for the long names of files in a narrow column', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    element.style.inlineSize = '280px';
    const names = ['image_embeddings_clip-vit-base-patch32_train.npy', 'text_embeddings_all-MiniLM-L6-v2_train.npy'];
    await element.bring(names.map((name, i) => vectors(name, 3 + i)));
    await trained(element, cognate);
    expect(text(element, '[part=translator]')).to.contain(names[0]!.replace('.npy', ''));
    const { right } = element.getBoundingClientRect();
    const wide = [...element.shadowRoot!.querySelectorAll('.frame > *, .card *, .translator *, .side')].filter(
      (each) => each.getBoundingClientRect().right > right,
    );
    expect(wide.map(({ tagName, className }) => `${tagName}.${className}`)).to.be.empty;
    const [left, other] = [...element.shadowRoot!.querySelectorAll('.side')].map((each) =>
      each.getBoundingClientRect(),
    );
    expect(left!.right).to.be.at.most(other!.left);
  });

  it('puts pictures on the warm side, with the words as source', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>';
    await element.bring(animals.map((each) => new File([svg], `${each}.svg`, { type: 'image/svg+xml' })));
    await appears(element, '[part=check] img');
    const { source, target } = await trained(element, cognate);
    expect(source.space.id).to.contain('text');
    expect(target.space.id).to.contain('image');
    expect(find<CognateReport>(element, 'cognate-report').sourceSide).to.equal('cool');
  });

  it('saves the alignment, and both sides as it places them', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    paste(element, columns);
    await trained(element, cognate);
    const saved: string[] = [];
    const { click } = HTMLAnchorElement.prototype;
    HTMLAnchorElement.prototype.click = function () {
      saved.push(this.download);
    };
    try {
      for (const label of ['Save the alignment', 'as ONNX', 'NPY', 'Parquet', 'safetensors']) {
        const before = saved.length;
        button(element, label).click();
        await waitUntil(() => saved.length > before, `nothing saved for ${label}`, patient);
        await waitUntil(() => find(element, '[part=save] progress') === null, undefined, patient);
      }
    } finally {
      HTMLAnchorElement.prototype.click = click;
    }
    expect(saved).to.include.members([
      'alignment.safetensors',
      'from-source.onnx',
      'left.npy',
      'right.npy',
      'aligned.parquet',
      'aligned.safetensors',
    ]);
  });

  it('pairs two folders of pictures by the names of their files', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>';
    const folder = (name: string, files: readonly string[]): File[] =>
      files.map((each) => {
        const file = new File([svg], `${each}.svg`, { type: 'image/svg+xml' });
        return Object.defineProperty(file, 'webkitRelativePath', { value: `${name}/${each}.svg` });
      });
    await element.bring([...folder('ink', animals), ...folder('chalk', [...animals, 'yeti'])]);
    await appears(element, '[part=check]');
    expect(text(element, '.pairs thead')).to.equal('ink chalk');
    expect(text(element, '[part=check]')).to.contain('12 pairs');
    expect(text(element, '[part=troubles]')).to.contain('yeti.svg');
    const { source, target } = await trained(element, cognate);
    expect([source.count, target.count]).to.deep.equal([12, 12]);
  });
});
