import type { Candidate } from '@cognate/core';
import type { Painting, PictureItem } from '@cognate/web-workers';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { Answers } from '../answers.ts';
import { drawingName, drawingUrl } from '../drawing.ts';
import { againView, isDoubtful, madeStyles, sidesView, worth, worthView } from '../made.ts';
import { MakingElement } from '../making-element.ts';
import { paintingStyles, savePainting } from '../painting.ts';
import { phraseView, phraseStyles } from '../phrase.ts';
import { isGuess, percent, scoreStyles, scoreView } from '../score.ts';
import { statusStyles } from '../status.ts';
import { base, tokens } from '../theme.ts';
import { Typing } from '../typing.ts';
import { imagineStyles } from './cognate-imagine.styles.ts';
import { easelStyles, easelView } from './easel.ts';

/** The nearest real drawings of a phrase, best first. */
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

/** So many paintings to choose from. */
const sheet = 4;

/**
 * Phrase in, pictures out: type in any language, and see it painted in a drawing style, stroke by stroke, beside the
 * nearest real drawings.
 *
 * @fires cognate-imagined - `{ phrase, style, candidates }`, best first, when real drawings are found.
 * @fires cognate-painted - `{ paintings }`, best first, after each phrase, change of style and "again".
 * @fires cognate-picked - `{ hexcode, style, svg }`: the visitor pressed a real drawing.
 * @fires cognate-change - The visitor typed another phrase or chose another style or seed.
 * @fires cognate-error - `{ error }`: what the element says in a sentence.
 * @csspart phrase - The text field.
 * @csspart made - The column of what is painted.
 * @csspart painted - The painting that is chosen.
 * @csspart sheet - The paintings to choose from.
 * @csspart again - The button for other paintings.
 * @csspart save - The button that saves the chosen one.
 * @csspart seed - The seed they are painted with.
 * @csspart found - The column of real drawings.
 * @csspart results - The grid of real drawings.
 * @csspart result - One picture with its score.
 * @csspart score - The line with a point at its end.
 * @csspart note - Why nothing is painted.
 * @csspart loading - Progress with its cancel button.
 * @csspart error - The sentence that says what went wrong.
 * @cssprop --cognate-warm - Colour of the pictures' side.
 * @cssprop --cognate-cool - Colour of the words' side.
 * @cssprop --cognate-surface - Background.
 * @cssprop --cognate-font - Font family.
 */
@customElement('cognate-imagine')
export class CognateImagine extends MakingElement {
  static override styles = [
    ...[tokens, base, statusStyles, scoreStyles, madeStyles],
    ...[paintingStyles, easelStyles, phraseStyles, imagineStyles],
  ];

  /** What to picture, in any language. */
  @property() phrase = '';

  /** Drawing style of the pictures; the first one known where none is set. */
  @property({ reflect: true, attribute: 'picture-style' }) pictureStyle: string | undefined;

  /** Phrases to try, with `|` between them. */
  @property() examples = '';

  /** How many real drawings to show. */
  @property({ type: Number }) limit = 13;

  /** How many drawings are unfolded: parsing one takes the page's time, so a few come with each frame. */
  @state() private shown = 0;

  /** Place of the painting that is shown large: the best until the visitor chooses. */
  @state() private chosen = 0;

  #frame = 0;
  readonly #typing = new Typing(this);

  readonly #made = new Answers<string, Painting>(this, {
    open: () => this.open(),
    load: (cognate, style, options) => cognate.generator({ from: 'text', to: 'image', style }, options),
    settings: () => ({ seed: this.seed, count: sheet }),
    done: ({ by }) => this.send('cognate-painted', { paintings: [...by.values()].flat() }),
    failed: (error) => this.fail(error),
  });

  readonly #found = new Answers<string, Candidate<PictureItem>>(this, {
    open: () => this.open(),
    load: (cognate, style, options) =>
      cognate.translator({ from: 'text', to: 'image', style, count: this.limit }, options),
    done: ({ input: phrase, by }) => {
      for (const [style, candidates] of by) {
        this.#unfold(candidates.length);
        this.send('cognate-imagined', { phrase, style, candidates });
      }
    },
    failed: (error) => this.fail(error),
  });

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('limit')) this.#found.clear();
    if (changed.has('phrase') || changed.has('pictureStyle') || changed.has('limit')) void this.#imagine();
    else if (changed.has('seed')) this.#paint();
  }

  protected override alignmentChanged(): void {
    this.#found.clear();
    this.#made.clear();
    if (this.isConnected) void this.#imagine();
  }

  protected override render(): TemplateResult {
    const styles = this.session?.styles ?? [];
    return html`
      <div class="frame" @pointerenter=${this.#warm} @focusin=${this.#warm}>
        ${phraseView({
          phrase: this.phrase,
          examples: this.examples,
          label: 'Phrase to picture, in any language',
          placeholder: 'Type a word or phrase',
          onInput: this.#type,
          onExample: this.#take,
        })}
        <label class="choice">
          in the style of
          <select @change=${this.#choose}>
            ${styles.map(({ id, name }) => html`<option value=${id} ?selected=${id === this.#style}>${name}</option>`)}
          </select>
        </label>
        <div class="answers">${this.phrase.trim() ? this.#sidesView() : waiting}</div>
        <p class="unseen" role="status">${this.#summary()}</p>
      </div>
    `;
  }

  #sidesView(): TemplateResult {
    const [painted, drawings] = [this.#paintedView(), this.#drawingsView()];
    return sidesView(
      { title: 'Painted', answers: this.#made, doing: 'Mixing colours', content: painted },
      { title: 'Nearest real drawings', answers: this.#found, doing: 'Placing drawings', content: drawings },
    );
  }

  #paintedView(): TemplateResult {
    const style = this.#style;
    if (!this.#paints) return html`<p class="note" part="note">The painter has not learned this style.</p>`;
    const made = this.#made.of(style);
    const forming = this.#made.unfinished.get(style);
    const pictures = (forming ? [forming] : (made?.answers ?? [])).map(({ picture }) => picture);
    const place = forming ? 0 : this.chosen;
    const painting = forming ? undefined : made?.answers[place];
    const doubt = html`<p class="doubt" part="doubt">Not sure. Looked at again, this is something else:</p>`;
    return html`
      ${painting && isDoubtful(painting) ? doubt : nothing}
      ${easelView({
        ...{ pictures, place, count: sheet, name: `${this.phrase}, painted` },
        stale: !forming && made?.stale === true,
        onChoose: (chosen) => (this.chosen = chosen),
      })}
      ${painting ? worthView(painting) : nothing}
      ${againView({
        seed: this.seed,
        disabled: this.#made.busy,
        onSeed: this.reseed,
        more: html`<button
          class="chip"
          part="save"
          ?disabled=${!painting}
          @click=${() => painting && void savePainting(painting, this.phrase.trim())}
        >
          Save as PNG
        </button>`,
      })}
    `;
  }

  #drawingsView(): TemplateResult | typeof nothing {
    const found = this.#found.of(this.#style);
    if (!found) return nothing;
    const guess = isGuess(found.answers);
    const stale = found.stale && this.#found.run.slow;
    return html`
      ${guess ? html`<p class="doubt" part="doubt">Not sure. These drawings come nearest:</p>` : nothing}
      <ol
        class="pictures ${guess ? 'guess' : ''} ${stale ? 'stale' : ''}"
        part="results"
        aria-label="Drawings, best first"
      >
        ${repeat(
          found.answers,
          ({ item }) => `${item.style} ${item.hexcode}`,
          (candidate, place) => html`
            <li part="result">
              <button
                class="picture"
                aria-label=${drawingName(candidate.item)}
                @click=${() => this.send('cognate-picked', candidate.item)}
              >
                <img src=${place < this.shown ? drawingUrl(candidate.item) : nothing} alt="" />
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

  /** Whether the painter knows the style; drawings exist in others, too. */
  get #paints(): boolean {
    return this.session?.paintStyles.some(({ id }) => id === this.#style) ?? false;
  }

  async #imagine(): Promise<void> {
    const phrase = this.phrase.trim();
    if (!phrase) {
      this.#found.reset();
      this.#made.reset();
      return;
    }
    await this.open().catch(() => {}); // told by whoever asks next
    if (phrase !== this.phrase.trim()) return;
    void this.#found.ask(phrase, [this.#style]);
    this.#paint();
  }

  #paint(): void {
    this.chosen = 0;
    const phrase = this.phrase.trim();
    if (phrase && this.#paints) void this.#made.ask(phrase, [this.#style]);
    else this.#made.reset();
  }

  #unfold(count: number): void {
    cancelAnimationFrame(this.#frame);
    this.shown = 0;
    const more = (): void => {
      this.shown += 2;
      if (this.shown < count) this.#frame = requestAnimationFrame(more);
    };
    more();
  }

  /** Said aloud once all is there, not stroke by stroke. */
  #summary(): string {
    if (this.#made.busy || this.#found.busy) return '';
    const painting = this.#made.of(this.#style)?.answers[this.chosen];
    const drawings = this.#found.of(this.#style)?.answers.length;
    return [
      painting && `Painted, ${worth(painting)}.`,
      drawings === 0 && 'No drawings found.',
      drawings && `${drawings} real drawings, best first.`,
    ]
      .filter(Boolean)
      .join(' ');
  }

  /** The visitor is on the way: have the models ready when the phrase comes. */
  readonly #warm = (): void => {
    this.#found.warm(this.#style);
    if (this.#paints) this.#made.warm(this.#style);
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
