import type { AlignmentReport } from '@cognate/core';
import { fixture, html, waitUntil } from '@open-wc/testing';
import type { CognateAlign } from '../../packages/elements/src/align/cognate-align.ts';
import '../../packages/elements/src/align/cognate-align.ts';
import type { FakeCognate } from '../../packages/elements/src/fake-cognate.ts';
import { heard } from '../../packages/elements/src/heard.ts';
import { fullReport } from './example-report.ts';

// What a visitor with pairs of their own does to <cognate-align pairs="own">, and sees of it.

export const make = (cognate: FakeCognate): Promise<CognateAlign> =>
  fixture(html`<cognate-align pairs="own" .cognate=${cognate}></cognate-align>`);
export const find = <E extends Element>(element: CognateAlign, selector: string): E =>
  element.shadowRoot!.querySelector<E>(selector)!;
export const button = (element: CognateAlign, text: string): HTMLButtonElement =>
  [...element.shadowRoot!.querySelectorAll('button')].find((each) => each.textContent.includes(text))!;
export const text = (element: CognateAlign, selector: string): string =>
  find(element, selector).textContent.replace(/\s+/g, ' ').trim();

/** On a busy machine, a second is short. */
export const patient = { timeout: 15_000 };
export const appears = (element: CognateAlign, selector: string): Promise<void> =>
  waitUntil(() => find(element, selector) !== null, `no ${selector}`, patient);

export const animals = ['dog', 'cat', 'cow', 'horse', 'goose', 'duck', 'pig', 'goat', 'bee', 'ant', 'fox', 'owl'];
export const columns = ['English,German', ...animals.map((each, i) => `${each},Tier ${i}`)].join('\n');

export function paste(element: CognateAlign, value: string): void {
  const area = find<HTMLTextAreaElement>(element, '.intake textarea');
  area.value = value;
  area.dispatchEvent(new Event('input'));
}

/** From pairs to learn from to the beginning of a run. */
export async function begun(element: CognateAlign, cognate: FakeCognate): Promise<FakeCognate['fits'][number]> {
  await appears(element, '.train');
  const before = cognate.fits.length;
  find<HTMLButtonElement>(element, '.train').click();
  await waitUntil(() => cognate.fits.length > before, 'no fit', patient);
  return cognate.fits.at(-1)!;
}

/** From pairs to learn from to the end of a run. */
export async function trained(
  element: CognateAlign,
  cognate: FakeCognate,
  report: AlignmentReport = fullReport,
): Promise<FakeCognate['fits'][number]> {
  const run = await begun(element, cognate);
  const aligned = heard(element, 'cognate-aligned');
  run.finish({ alignment: Uint8Array.of(1, 2, 3), report });
  await aligned;
  await element.updateComplete;
  return run;
}
