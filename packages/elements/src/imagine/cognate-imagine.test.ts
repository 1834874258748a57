import { CognateError } from '@cognate/core';
import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { fakeCognate } from '../fake-cognate.ts';
import { heard } from '../heard.ts';
import type { CognateImagine } from './cognate-imagine.ts';
import './cognate-imagine.ts';

const make = (cognate = fakeCognate()): Promise<CognateImagine> =>
  fixture(html`<cognate-imagine .cognate=${cognate} examples="dog | chat noir"></cognate-imagine>`);

const find = <E extends Element>(element: CognateImagine, selector: string): E =>
  element.shadowRoot!.querySelector<E>(selector)!;

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
