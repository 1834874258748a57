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

  it('writes in each language, in the order of the languages, above the nearest real names', async () => {
    const element = await make();
    element.phrase = 'dog';
    const [found, written] = await Promise.all([
      heard(element, 'cognate-translated'),
      heard(element, 'cognate-written'),
    ]);
    expect([...found.detail.names.keys()].sort()).to.deep.equal(['de', 'fr']);
    expect(written.detail.captions.map(({ text }) => text)).to.deep.equal(['de text 0', 'fr text 0']);
    await element.updateComplete;
    expect(best(element)).to.deep.equal(['de text 0', 'fr text 0']);
    expect(find(element, '[part=found]').textContent).to.contain('de name 0');
    expect(find(element, '[role=status]').textContent).to.contain('Deutsch: de text 0. Français: fr text 0');
  });

  it('draws other words when asked, and the same again for the same seed', async () => {
    const cognate = fakeCognate();
    const element = await make(cognate);
    element.phrase = 'dog';
    await heard(element, 'cognate-written');
    await element.updateComplete;
    setTimeout(() => find<HTMLButtonElement>(element, '[part=again]').click());
    const { detail } = await heard(element, 'cognate-written');
    expect(detail.captions.map(({ text }) => text)).to.deep.equal(['de text 1', 'fr text 1']);
    expect(cognate.calls).to.have.length(2);
  });

  it('shows real names in the place of what cannot be written', async () => {
    const element = await make(
      fakeCognate(undefined, 0.8, () => {
        throw new CognateError('load-failed', 'The captioner cannot be fetched.');
      }),
    );
    element.phrase = 'dog';
    await Promise.all([heard(element, 'cognate-translated'), heard(element, 'cognate-error')]);
    await element.updateComplete;
    expect(find(element, '[part=note]').textContent).to.contain('The captioner cannot be fetched.');
    expect(best(element)).to.deep.equal(['de name 0', 'fr name 0']);
    await expect(element).to.be.accessible();
  });

  it('shows one language while another is still under way', async () => {
    const french = Promise.withResolvers<void>();
    const slow = (call: string) => (call.includes(':fr') ? french.promise : undefined);
    const element = await make(fakeCognate(undefined, 0.8, slow));
    element.phrase = 'dog';
    await waitUntil(() => best(element).length === 1, undefined, { timeout: 15_000 });
    expect(best(element)).to.deep.equal(['de text 0']);
    french.resolve();
    await heard(element, 'cognate-written');
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
    expect(best(element)).to.deep.equal(['de text 0', 'fr text 0', 'en name 0']);
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
