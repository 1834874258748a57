import type { Language, Style } from '@cognate/web-workers';
import { html, type TemplateResult } from 'lit';
import { languageName } from '../menus.ts';

/** Whose pairs to learn from. */
export function modesView(
  chosen: 'starter' | 'own',
  busy: boolean,
  choose: (pairs: 'starter' | 'own') => void,
): TemplateResult {
  const choice = (pairs: 'starter' | 'own', label: string): TemplateResult => html`
    <button aria-pressed=${chosen === pairs} ?disabled=${busy} @click=${() => choose(pairs)}>${label}</button>
  `;
  return html`
    <div class="switch modes" role="group" aria-label="Learn from">
      ${choice('starter', 'The starter’s pairs')} ${choice('own', 'Your own pairs')}
    </div>
  `;
}

/** Which of the starter's pairs to learn from, and the button. */
export function choicesView(view: {
  readonly languages: readonly Language[];
  readonly styles: readonly Style[];
  readonly language: string;
  readonly style: string;
  readonly busy: boolean;
  /** True when something was trained already. */
  readonly again: boolean;
  readonly chooseLanguage: (code: string) => void;
  readonly chooseStyle: (id: string) => void;
  readonly train: () => void;
}): TemplateResult {
  const { languages, styles, language, style, busy } = view;
  const chosen = (event: Event): string => (event.target as HTMLSelectElement).value;
  return html`
    <div class="choices">
      <label class="choice">
        Pictures drawn as
        <select ?disabled=${busy} @change=${(event: Event) => view.chooseStyle(chosen(event))}>
          ${styles.map(({ id, name }) => html`<option value=${id} ?selected=${id === style}>${name}</option>`)}
        </select>
      </label>
      <label class="choice">
        Names in
        <select ?disabled=${busy} @change=${(event: Event) => view.chooseLanguage(chosen(event))}>
          ${languages.map(
            ({ code }) =>
              html`<option value=${code} lang=${code} ?selected=${code === language}>
                ${languageName(languages, code)}
              </option>`,
          )}
        </select>
      </label>
      <button class="primary" ?disabled=${busy} @click=${view.train}>${view.again ? 'Train again' : 'Train'}</button>
    </div>
  `;
}
