import { CognateError } from '@cognate/core';
import { css, html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { readPicture } from '../read-picture.ts';
import type { PairsWanted } from './gather-pairs.ts';
import { readOwnPairs } from './own-pairs.ts';

export const ownPairsStyles = css`
  details summary {
    inline-size: fit-content;
    min-block-size: 32px;
    color: var(--_muted);
    font-size: 0.9375rem;
    cursor: pointer;
  }
  details summary:hover {
    color: var(--_ink);
  }
  .own {
    display: grid;
    gap: calc(1.5 * var(--_unit));
    padding: calc(2 * var(--_unit));
    border-radius: 14px;
    background: var(--_sunken);
    font-size: 0.9375rem;
  }
  .own label:has(textarea) {
    display: grid;
    gap: var(--_unit);
  }
  textarea {
    inline-size: 100%;
    padding: 12px;
    border: 1px solid var(--_edge);
    border-radius: 12px;
    background: var(--_surface);
    color: inherit;
    font: inherit;
    line-height: 1.6;
    resize: vertical;
  }
  .wrong {
    color: var(--_alarm);
  }
  .tick {
    display: flex;
    align-items: center;
    gap: var(--_unit);
  }
  .tick input {
    inline-size: 18px;
    block-size: 18px;
    margin: 0;
    accent-color: var(--_cool-ink);
  }
`;

/** Pairs that the visitor brings: phrases with emoji, and pictures that are named by their files. */
export class OwnPairsForm {
  readonly #host: ReactiveControllerHost;
  #text = '';
  #files: readonly File[] = [];
  #starter = true;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  /**
   * What to learn from; the starter's pairs too, where the visitor brings none.
   * @throws {CognateError} `invalid-input` for a line that is not understood, or a file that is no picture.
   */
  async read(signal?: AbortSignal): Promise<Pick<PairsWanted, 'starter' | 'own' | 'pictures'>> {
    const { pairs, wrong } = readOwnPairs(this.#text);
    if (wrong.length > 0) throw notUnderstood(wrong);
    const pictures = await Promise.all(
      this.#files.map(async (file) => {
        const { bitmap, url } = await readPicture(file, signal);
        URL.revokeObjectURL(url);
        return { phrase: file.name.replace(/\.\w+$/, '').replace(/[-_]+/g, ' '), bitmap };
      }),
    );
    return { starter: this.#starter || pairs.length + pictures.length === 0, own: pairs, pictures };
  }

  view(disabled: boolean): TemplateResult {
    const { pairs, wrong } = readOwnPairs(this.#text);
    return html`
      <details>
        <summary>${summary(pairs.length, this.#files.length)}</summary>
        <div class="own">
          <label>
            Phrases and the emoji that they belong to, one pair a line
            <textarea
              rows="4"
              spellcheck="false"
              placeholder="my bicycle, 🚲&#10;the neighbour’s cat, 🐈"
              ?disabled=${disabled}
              @input=${(event: Event) => this.#change(() => (this.#text = (event.target as HTMLTextAreaElement).value))}
            ></textarea>
          </label>
          ${wrong.length > 0 ? html`<p class="wrong">${notUnderstood(wrong).message}</p>` : nothing}
          <div class="row">
            <label class="pick">
              <span class="button">Add pictures</span>
              <span class="unseen">
                <input type="file" accept="image/*" multiple ?disabled=${disabled} @change=${this.#addPictures} />
              </span>
            </label>
            <span class="quiet">A picture’s file name is its phrase.</span>
          </div>
          <label class="tick">
            <input
              type="checkbox"
              .checked=${this.#starter}
              ?disabled=${disabled}
              @change=${(event: Event) =>
                this.#change(() => (this.#starter = (event.target as HTMLInputElement).checked))}
            />
            Learn from the starter’s pairs too
          </label>
        </div>
      </details>
    `;
  }

  readonly #addPictures = (event: Event): void => {
    this.#change(() => (this.#files = [...((event.target as HTMLInputElement).files ?? [])]));
  };

  #change(apply: () => void): void {
    apply();
    this.#host.requestUpdate();
  }
}

function notUnderstood(lines: readonly number[]): CognateError {
  const which = lines.length === 1 ? `Line ${lines[0]} is` : `Lines ${lines.slice(0, 5).join(', ')} are`;
  return new CognateError('invalid-input', `${which} not understood: a pair is a phrase, a comma, and an emoji.`);
}

function summary(pairs: number, pictures: number): string {
  const parts = [
    ...(pairs > 0 ? [`${pairs} ${pairs === 1 ? 'phrase' : 'phrases'}`] : []),
    ...(pictures > 0 ? [`${pictures} ${pictures === 1 ? 'picture' : 'pictures'}`] : []),
  ];
  return parts.length > 0 ? `Your own pairs: ${parts.join(' and ')}` : 'Bring your own pairs';
}
