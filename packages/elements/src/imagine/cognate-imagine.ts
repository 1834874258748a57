import type { CallOptions, Candidate } from '@cognate/core';
import type { Cognate, PictureItem } from '@cognate/web-workers';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { CognateElement } from '../cognate-element.ts';
import '../events.ts';
import { phraseView, phraseStyles } from '../phrase.ts';
import { LatestRun } from '../latest-run.ts';
import { isGuess, percent, scoreStyles, scoreView } from '../score.ts';
import { errorView, loadingView, statusStyles } from '../status.ts';
import { base, tokens } from '../theme.ts';
import { Translators } from '../translators.ts';
import { Typing } from '../typing.ts';
import { imagineStyles } from './cognate-imagine.styles.ts';

/** What came up for a phrase, best first. */
export interface Imagined {
  readonly phrase: string;
  readonly style: string;
  readonly candidates: readonly Candidate<PictureItem>[];
}

declare global {
  interface HTMLElementTagNameMap {
    'cognate-imagine': CognateImagine;
  }
  interface HTMLElementEventMap {
    'cognate-imagined': CustomEvent<Imagined>;
    'cognate-picked': CustomEvent<PictureItem>;
  }
}

/**
 * Phrase in, pictures out: type in any language and see the pictures of one drawing style that mean it.
 *
 * @fires cognate-imagined - `{ phrase, style, candidates }`, best first, when pictures are there.
 * @fires cognate-picked - `{ hexcode, style, svg }`: the visitor pressed a picture.
 * @fires cognate-change - The visitor typed another phrase or chose another style.
 * @fires cognate-error - `{ error }`: what the element says in a sentence.
 * @csspart phrase - The text field.
 * @csspart results - The grid of pictures.
 * @csspart result - One picture with its score.
 * @csspart score - The line with a point at its end.
 * @csspart loading - Progress with its cancel button.
 * @csspart error - The sentence that says what went wrong.
 * @cssprop --cognate-warm - Colour of the pictures' side.
 * @cssprop --cognate-cool - Colour of the words' side.
 * @cssprop --cognate-surface - Background.
 * @cssprop --cognate-font - Font family.
 */
@customElement('cognate-imagine')
export class CognateImagine extends CognateElement {
  static override styles = [tokens, base, statusStyles, scoreStyles, phraseStyles, imagineStyles];

  /** What to find pictures for, in any language. */
  @property() phrase = '';

  /** Drawing style of the pictures; the first one known where none is set. */
  @property({ reflect: true, attribute: 'picture-style' }) pictureStyle: string | undefined;

  /** Phrases to try, with `|` between them. */
  @property() examples = '';

  /** How many pictures to show. */
  @property({ type: Number }) limit = 13;

  /** How many pictures are unfolded: parsing a drawing takes the page's time, so a few come with each frame. */
  @state() private shown = 0;

  #frame = 0;
  readonly #run = new LatestRun<Imagined>(this, (error) => this.fail(error));
  readonly #typing = new Typing(this);
  readonly #translators = new Translators<string, readonly Candidate<PictureItem>[]>();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#translators.clear();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('phrase') || changed.has('pictureStyle') || changed.has('limit')) this.#imagine();
  }

  protected override alignmentChanged(): void {
    this.#translators.clear();
    if (this.isConnected) this.#imagine();
  }

  protected override render(): TemplateResult {
    const styles = this.session?.styles ?? [];
    return html`
      <div class="frame" @pointerenter=${this.#warm} @focusin=${this.#warm}>
        ${phraseView({
          phrase: this.phrase,
          examples: this.examples,
          label: 'Phrase to find pictures for, in any language',
          placeholder: 'Type a word or phrase',
          onInput: this.#type,
          onExample: this.#take,
        })}
        <label class="choice">
          drawn as
          <select @change=${this.#choose}>
            ${styles.map(({ id, name }) => html`<option value=${id} ?selected=${id === this.#style}>${name}</option>`)}
          </select>
        </label>
        ${this.#answersView()}
      </div>
    `;
  }

  #answersView(): TemplateResult {
    const run = this.#run;
    const busy = run.status === 'running';
    const { result } = run;
    return html`
      <div class="answers">
        ${run.status === 'failed' ? errorView(run, () => void this.#settle(run.retry())) : nothing}
        ${busy && run.slow ? loadingView(run.progress, () => run.cancel()) : nothing}
        ${result && run.status !== 'failed' ? this.#picturesView(result, busy && run.slow) : nothing}
        ${run.status === 'idle' ? waiting : nothing}
      </div>
      <p class="unseen" role="status">${result && run.status === 'done' ? summary(result) : ''}</p>
    `;
  }

  #picturesView({ candidates }: Imagined, stale: boolean): TemplateResult {
    const guess = isGuess(candidates);
    return html`
      ${guess ? html`<p class="doubt" part="doubt">Not sure. These pictures come nearest:</p>` : nothing}
      <ol
        class="pictures ${guess ? 'guess' : ''} ${stale ? 'stale' : ''}"
        part="results"
        aria-label="Pictures, best first"
      >
        ${repeat(
          candidates,
          ({ item }) => `${item.style} ${item.hexcode}`,
          (candidate, place) => html`
            <li part="result">
              <button
                class="picture"
                aria-label=${name(candidate.item)}
                @click=${() => this.send('cognate-picked', candidate.item)}
              >
                <img src=${place < this.shown ? dataUrl(candidate.item.svg) : nothing} alt="" />
              </button>
              ${scoreView(candidate)}
              ${candidate.trust === undefined ? nothing : html`<span class="unseen">trust ${percent(candidate)}</span>`}
            </li>
          `,
        )}
      </ol>
    `;
  }

  get #style(): string {
    return this.pictureStyle ?? this.session?.styles[0]?.id ?? 'noto';
  }

  #imagine(): void {
    const phrase = this.phrase.trim();
    if (!phrase) return this.#run.status === 'idle' ? undefined : this.#run.reset();
    void this.#settle(this.#run.start((options) => this.#translate(phrase, options)));
  }

  async #translate(phrase: string, options: CallOptions): Promise<Imagined> {
    const cognate = await this.open();
    const style = this.#style;
    const translator = await this.#translators.get(...this.#recipe(cognate), options);
    const [candidates = []] = await translator.translate([phrase], options);
    this.shown = 0;
    return { phrase, style, candidates };
  }

  /** What makes the translator of the style in use, and the key to keep it by. */
  #recipe(cognate: Cognate) {
    const request = { from: 'text', to: 'image', style: this.#style, count: this.limit } as const;
    return [
      `${request.style} ${request.count}`,
      (options: CallOptions) => cognate.translator(request, options),
    ] as const;
  }

  async #settle(running: Promise<Imagined | undefined>): Promise<void> {
    const imagined = await running;
    if (!imagined) return;
    this.#unfold(imagined.candidates.length);
    this.send('cognate-imagined', imagined);
  }

  #unfold(count: number): void {
    cancelAnimationFrame(this.#frame);
    const more = (): void => {
      this.shown += 2;
      if (this.shown < count) this.#frame = requestAnimationFrame(more);
    };
    more();
  }

  /** The visitor is on the way: have the models ready when the phrase comes. */
  readonly #warm = (): void => {
    this.open()
      .then((cognate) => this.#translators.warm(...this.#recipe(cognate)))
      .catch(() => {});
  };

  readonly #type = (value: string): void => this.#typing.wait(() => this.#take(value));

  readonly #take = (value: string): void => {
    this.#typing.stop();
    if (value === this.phrase) return;
    this.phrase = value;
    this.send('cognate-change', { property: 'phrase', value });
  };

  #choose(event: Event): void {
    this.pictureStyle = (event.target as HTMLSelectElement).value;
    this.send('cognate-change', { property: 'style', value: this.pictureStyle });
  }
}

const waiting = html`
  <div class="waiting" aria-hidden="true">${Array.from({ length: 13 }, () => html`<i></i>`)}</div>
`;

/** As an `<img>`: no script of a picture runs, and ids of two pictures never meet. */
function dataUrl(svg: string): string {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** The character itself, which every screen reader can name in the visitor's language. */
function name({ hexcode }: PictureItem): string {
  return String.fromCodePoint(...hexcode.split('-').map((code) => Number.parseInt(code, 16)));
}

function summary({ candidates }: Imagined): string {
  return candidates.length === 0 ? 'No pictures found.' : `${candidates.length} pictures, best first.`;
}
