import { css, html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';

/** The text field of the elements that start from words, with phrases to try beneath it. */
export const phraseStyles = css`
  .phrase {
    display: grid;
    gap: calc(1.5 * var(--_unit));
    min-inline-size: 0;
  }
  .phrase input {
    inline-size: 100%;
    min-block-size: 56px;
    padding: 0 calc(2 * var(--_unit));
    border: 1px solid var(--_cool);
    border-radius: 14px;
    background: var(--_cool-soft);
    color: var(--_ink);
    font-size: 1.375rem;
    font-weight: 500;
    letter-spacing: -0.01em;
  }
  .phrase ::placeholder {
    color: var(--_muted);
    font-weight: 400;
  }
`;

/** A search field and example chips. `onInput` hears each keystroke, `onExample` what is meant at once. */
export function phraseView(view: {
  readonly phrase: string;
  readonly examples: string;
  readonly label: string;
  readonly placeholder: string;
  readonly onInput: (phrase: string) => void;
  readonly onExample: (phrase: string) => void;
}): TemplateResult {
  const examples = view.examples.split('|').flatMap((each) => each.trim() || []);
  const input = (event: Event): string => (event.target as HTMLInputElement).value;
  return html`
    <div class="phrase">
      <input
        part="phrase"
        type="text"
        dir="auto"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        maxlength="20000"
        enterkeyhint="go"
        aria-label=${view.label}
        placeholder=${view.placeholder}
        .value=${live(view.phrase)}
        @input=${(event: Event) => view.onInput(input(event))}
        @change=${(event: Event) => view.onExample(input(event))}
      />
      ${
        examples.length > 0
          ? html`<div class="row" role="group" aria-label="Phrases to try">
              ${examples.map(
                (each) => html`<button class="chip" dir="auto" @click=${() => view.onExample(each)}>${each}</button>`,
              )}
            </div>`
          : nothing
      }
    </div>
  `;
}
