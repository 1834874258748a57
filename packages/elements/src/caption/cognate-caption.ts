import type { CallOptions, Candidate, Picture } from '@cognate/core';
import type { Cognate, Name } from '@cognate/web-workers';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { CognateElement } from '../cognate-element.ts';
import '../events.ts';
import { LatestRun } from '../latest-run.ts';
import { languageName, visitorLanguage } from '../menus.ts';
import { readPicture, type ReadPicture } from '../read-picture.ts';
import { isGuess, percent, scoreStyles, scoreView, trustView } from '../score.ts';
import { errorView, loadingView, statusStyles } from '../status.ts';
import { base, tokens } from '../theme.ts';
import { Translators } from '../translators.ts';
import { captionStyles } from './cognate-caption.styles.ts';
import { PictureIntake } from './picture-intake.ts';

/** What came up for a picture, best first. */
export interface Captioned {
  readonly language: string;
  readonly candidates: readonly Candidate<Name>[];
}

declare global {
  interface HTMLElementTagNameMap {
    'cognate-caption': CognateCaption;
  }
  interface HTMLElementEventMap {
    'cognate-captioned': CustomEvent<Captioned>;
  }
}

/**
 * Picture in, names out: drop, paste, pick or address a picture and read what it is called in a language.
 *
 * @slot samples - Pictures at hand: an `<img>` inside a `<button>` is read when the button is pressed.
 * @fires cognate-captioned - `{ language, candidates }`, best first, after each picture and each change of language.
 * @fires cognate-change - The visitor gave another picture or chose another language.
 * @fires cognate-error - `{ error }`: what the element says in a sentence.
 * @csspart zone - Where pictures land.
 * @csspart picture - The picture that was read.
 * @csspart results - The list of names.
 * @csspart result - One name with its score.
 * @csspart score - The line with a point at its end.
 * @csspart loading - Progress with its cancel button.
 * @csspart error - The sentence that says what went wrong.
 * @cssprop --cognate-warm - Colour of the pictures' side.
 * @cssprop --cognate-cool - Colour of the words' side.
 * @cssprop --cognate-surface - Background.
 * @cssprop --cognate-font - Font family.
 */
@customElement('cognate-caption')
export class CognateCaption extends CognateElement {
  static override styles = [tokens, base, statusStyles, scoreStyles, captionStyles];

  /** BCP 47 tag of the names; the visitor's own language where none is set. */
  @property({ reflect: true }) language: string | undefined;

  /** Address of a picture to name at once, without a visitor's doing. */
  @property() src: string | undefined;

  /** How many names to show. */
  @property({ type: Number }) limit = 5;

  @state() private picture: ReadPicture | undefined;

  readonly #intake = new PictureIntake(this, (source) => this.#give(source));
  readonly #run = new LatestRun<Captioned>(this, (error) => this.fail(error));
  readonly #translators = new Translators<Picture, readonly Candidate<Name>[]>();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#translators.clear();
  }

  /** Names a picture: a file, or the address of one. Settles when the names are there, or an error is shown. */
  async read(source: Blob | string): Promise<void> {
    await this.#settle(
      this.#run.start(async (options) => {
        const picture = await readPicture(source, options.signal);
        if (this.picture) URL.revokeObjectURL(this.picture.url);
        this.picture = picture;
        return this.#translate(picture.bitmap, options);
      }),
    );
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('src') && this.src) void this.read(this.src);
    else if (changed.has('language') || changed.has('limit')) void this.#again();
  }

  protected override alignmentChanged(): void {
    this.#translators.clear();
    void this.#again();
  }

  protected override render(): TemplateResult {
    const languages = this.session?.languages ?? [];
    return html`
      <div class="frame" @pointerenter=${this.#warm} @focusin=${this.#warm}>
        ${this.#intake.view(this.picture)}
        <slot name="samples"></slot>
        <div class="answers">
          <label class="choice">
            Names in
            <select @change=${this.#choose}>
              ${languages.map(
                ({ code }) =>
                  html`<option value=${code} lang=${code} ?selected=${code === this.#language}>
                    ${languageName(languages, code)}
                  </option>`,
              )}
            </select>
          </label>
          ${this.#answersView()}
        </div>
      </div>
    `;
  }

  #answersView(): TemplateResult {
    const run = this.#run;
    const busy = run.status === 'running';
    const { result } = run;
    return html`
      ${run.status === 'failed' ? errorView(run, () => void this.#settle(run.retry())) : nothing}
      ${busy && run.slow ? loadingView(run.progress, () => run.cancel()) : nothing}
      ${result && run.status !== 'failed' ? this.#namesView(result, busy && run.slow) : nothing}
      ${run.status === 'idle' ? waiting : nothing}
      <p class="unseen" role="status">${result && run.status === 'done' ? summary(result) : ''}</p>
    `;
  }

  #namesView({ candidates, language }: Captioned, stale: boolean): TemplateResult {
    const guess = isGuess(candidates);
    return html`
      ${guess ? html`<p class="doubt" part="doubt">Not sure. These names come nearest:</p>` : nothing}
      <ol class="names ${guess ? 'guess' : ''} ${stale ? 'stale' : ''}" part="results" aria-label="Names, best first">
        ${repeat(
          candidates,
          ({ index }) => index,
          (candidate) => html`
            <li part="result">
              <span class="name" lang=${language} dir="auto">${candidate.item.name}</span>
              ${scoreView(candidate)} ${trustView(candidate)}
            </li>
          `,
        )}
      </ol>
    `;
  }

  get #language(): string {
    return this.language ?? (this.session ? visitorLanguage(this.session.languages) : 'en');
  }

  async #translate(picture: Picture, options: CallOptions): Promise<Captioned> {
    const cognate = await this.open();
    const language = this.#language;
    const translator = await this.#translators.get(...this.#recipe(cognate), options);
    const [candidates = []] = await translator.translate([picture], options);
    return { language, candidates };
  }

  /** What makes the translator of the language in use, and the key to keep it by. */
  #recipe(cognate: Cognate) {
    const request = { from: 'image', to: 'text', language: this.#language, count: this.limit } as const;
    return [
      `${request.language} ${request.count}`,
      (options: CallOptions) => cognate.translator(request, options),
    ] as const;
  }

  async #again(): Promise<void> {
    const { picture } = this;
    if (picture && this.isConnected) {
      await this.#settle(this.#run.start((options) => this.#translate(picture.bitmap, options)));
    }
  }

  async #settle(running: Promise<Captioned | undefined>): Promise<void> {
    const captioned = await running;
    if (captioned) this.send('cognate-captioned', captioned);
  }

  /** The visitor is on the way: have the models ready when the picture comes. */
  readonly #warm = (): void => {
    this.open()
      .then((cognate) => this.#translators.warm(...this.#recipe(cognate)))
      .catch(() => {});
  };

  #give(source: Blob | string): void {
    const value = typeof source === 'string' ? source : source instanceof File ? source.name : '';
    this.send('cognate-change', { property: 'picture', value });
    void this.read(source);
  }

  #choose(event: Event): void {
    this.language = (event.target as HTMLSelectElement).value;
    this.send('cognate-change', { property: 'language', value: this.language });
  }
}

const waiting = html`
  <div class="waiting">
    <i></i><i></i><i></i>
    <p class="quiet">Its names appear here.</p>
  </div>
`;

function summary({ candidates }: Captioned): string {
  const [best] = candidates;
  if (!best) return 'No names found.';
  const trust = percent(best);
  return `${best.item.name}${trust && `, trust ${trust}`}. ${candidates.length} names in all.`;
}
