import { CognateError } from '@cognate/core';
import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { fakeCognate } from '../fake-cognate.ts';
import { heard } from '../heard.ts';
import type { CognateTranslate } from './cognate-translate.ts';
import './cognate-translate.ts';

const make = (cognate = fakeCognate(), languages = 'de fr'): Promise<CognateTranslate> =>
  fixture(html`<cognate-translate .cognate=${cognate} languages=${languages}></cognate-translate>`);

const find = <E extends Element>(element: CognateTranslate, selector: string): E =>
  element.shadowRoot!.querySelector<E>(selector)!;
const best = (element: CognateTranslate): (string | null)[] =>
  [...element.shadowRoot!.querySelectorAll('.best')].map((each) => each.textContent);

describe('<cognate-translate>', () => {
  it('is accessible when empty, with names and with its menu open', async () => {
    const element = await make();
    await expect(element).to.be.accessible();
    element.phrase = 'dog';
    await heard(element, 'cognate-translated');
    find<HTMLDetailsElement>(element, 'details').open = true;
    await element.updateComplete;
    await expect(element).to.be.accessible();
  });

  it('gives the names of each language, in the order of the languages', async () => {
    const element = await make();
    element.phrase = 'dog';
    const { detail } = await heard(element, 'cognate-translated');
    expect([...detail.names.keys()].sort()).to.deep.equal(['de', 'fr']);
    await element.updateComplete;
    expect(best(element)).to.deep.equal(['de name 0', 'fr name 0']);
    expect(find(element, '[role=status]').textContent).to.contain('Deutsch: de name 0. Français: fr name 0');
  });

  it('shows one language while another is still under way', async () => {
    const french = Promise.withResolvers<void>();
    const element = await make(fakeCognate((call) => (call.includes(':fr') ? french.promise : undefined)));
    element.phrase = 'dog';
    await waitUntil(() => best(element).length === 1, undefined, { timeout: 15_000 });
    expect(best(element)).to.deep.equal(['de name 0']);
    french.resolve();
    await heard(element, 'cognate-translated');
    await element.updateComplete;
    expect(best(element)).to.have.length(2);
  });

  it('adds a language that the visitor ticks, and tells so', async () => {
    const element = await make();
    element.phrase = 'dog';
    await heard(element, 'cognate-translated');
    const box = find<HTMLInputElement>(element, 'input[value=en]');
    setTimeout(() => box.click());
    const { detail } = await heard(element, 'cognate-change');
    expect(detail).to.deep.equal({ property: 'languages', value: ['de', 'fr', 'en'] });
    await heard(element, 'cognate-translated');
    await element.updateComplete;
    expect(best(element)).to.deep.equal(['de name 0', 'fr name 0', 'en name 0']);
  });

  it('shows the languages that it knows of when none are set', async () => {
    const element: CognateTranslate = await fixture(
      html`<cognate-translate .cognate=${fakeCognate()}></cognate-translate>`,
    );
    await element.updateComplete;
    const shown = [...element.shadowRoot!.querySelectorAll('dt')].map((each) => each.textContent);
    expect(shown).to.deep.equal(['English', 'Deutsch', 'Français']);
  });

  it('stops when another phrase comes', async () => {
    const cognate = fakeCognate((call) => (call.endsWith('dog') ? new Promise(() => {}) : undefined));
    const element = await make(cognate);
    element.phrase = 'dog';
    await waitUntil(() => cognate.signals.length === 1, undefined, { timeout: 15_000 });
    element.phrase = 'cat';
    const { detail } = await heard(element, 'cognate-translated');
    expect(detail.phrase).to.equal('cat');
    expect(cognate.signals[0]!.aborted).to.be.true;
    expect(cognate.calls).to.deep.equal(['text>text:de dog', 'text>text:de cat', 'text>text:fr cat']);
  });

  it('shows an error in a sentence and tries again when asked', async () => {
    let fail = true;
    const element = await make(
      fakeCognate(() => {
        if (fail) throw new CognateError('load-failed', 'The model cannot be fetched.');
      }),
    );
    element.phrase = 'dog';
    await heard(element, 'cognate-error');
    await element.updateComplete;
    await expect(element).to.be.accessible();
    fail = false;
    setTimeout(() => find<HTMLButtonElement>(element, '[part=retry]').click());
    await heard(element, 'cognate-translated');
  });
});
