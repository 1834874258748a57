import type { CallOptions, Embeddings, Translator } from '@cognate/core';
import type { Caption, Painting, SampleGenerator } from '@cognate/web-workers';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { Answers } from '../answers.ts';
import { LatestRun } from '../latest-run.ts';
import { againView, isDoubtful, madeStyles, worth, worthView } from '../made.ts';
import { MakingElement } from '../making-element.ts';
import { languageName, visitorLanguage } from '../menus.ts';
import { canvasView, paintingStyles } from '../painting.ts';
import { readPicture } from '../read-picture.ts';
import { scoreStyles } from '../score.ts';
import { errorView, loadingView, statusStyles } from '../status.ts';
import { base, tokens } from '../theme.ts';
import { Typing } from '../typing.ts';
import { between } from './between.ts';
import { endName, endView, pointsOf, type End } from './blend-end.ts';
import { blendStyles } from './cognate-blend.styles.ts';

declare global {
  interface HTMLElementTagNameMap {
    'cognate-blend': CognateBlend;
  }
}

/**
 * Two things in, what lies between them out: words or pictures, a slider from one to the other, and the point in the
 * middle painted and written.
 *
 * @fires cognate-painted - `{ paintings }`: the point, painted.
 * @fires cognate-written - `{ captions }`: the point, written.
 * @fires cognate-change - The visitor gave another word or picture or chose another language, style or seed.
 * @fires cognate-error - `{ error }`: what the element says in a sentence.
 * @csspart end - A word, or a picture, with the way to give one.
 * @csspart slider - The way from one to the other.
 * @csspart painted - The painting.
 * @csspart written - The caption.
 * @csspart score - The line with a point at its end.
 * @csspart again - The button for another painting.
 * @csspart seed - The seed it is painted with.
 * @csspart loading - Progress with its cancel button.
 * @csspart error - The sentence that says what went wrong.
 * @cssprop --cognate-warm - Colour of the pictures' side.
 * @cssprop --cognate-cool - Colour of the words' side.
 * @cssprop --cognate-surface - Background.
 * @cssprop --cognate-font - Font family.
 */
@customElement('cognate-blend')
export class CognateBlend extends MakingElement {
  static override styles = [tokens, base, statusStyles, scoreStyles, madeStyles, paintingStyles, blendStyles];

  /** A word or phrase at the one end. */
  @property() from = '';

  /** A word or phrase at the other end. */
  @property() to = '';

  /** How far from the one to the other, 0 to 1. */
  @property({ type: Number }) share = 0.5;

  /** BCP 47 tag of the caption; the visitor's own language where none is set. */
  @property({ reflect: true }) language: string | undefined;

  /** Drawing style of the painting; the first one known where none is set. */
  @property({ reflect: true, attribute: 'picture-style' }) pictureStyle: string | undefined;

  @state() private ends: readonly [End, End] = ['', ''];

  readonly #typing = new Typing(this);
  readonly #reading = new LatestRun<void>(this, (error) => this.fail(error));
  readonly #placing = new LatestRun<readonly [Embeddings, Embeddings]>(this, (error) => this.fail(error));

  readonly #painted = new Answers<Embeddings, Painting>(this, {
    open: () => this.open(),
    load: async (cognate, style, options) =>
      atPoints(await cognate.generator({ from: 'image', to: 'image', style }, options)),
    settings: () => ({ seed: this.seed }),
    done: ({ by }) => this.send('cognate-painted', { paintings: [...by.values()].flat() }),
    failed: (error) => this.fail(error),
  });

  readonly #written = new Answers<Embeddings, Caption>(this, {
    open: () => this.open(),
    load: async (cognate, language, options) =>
      atPoints(await cognate.generator({ from: 'text', to: 'text', language }, options)),
    settings: () => this.writing(),
    done: ({ by }) => this.send('cognate-written', { captions: [...by.values()].flat() }),
    failed: (error) => this.fail(error),
  });

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('from') || changed.has('to')) {
      const [a, b] = this.ends;
      this.ends = [changed.has('from') ? this.from : a, changed.has('to') ? this.to : b];
    }
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('ends')) void this.#place();
    else if (['share', 'seed', 'language', 'pictureStyle'].some((each) => changed.has(each))) void this.#make();
  }

  protected override alignmentChanged(): void {
    this.#painted.clear();
    this.#written.clear();
    void this.#place();
  }

  protected override render(): TemplateResult {
    const [a, b] = this.ends;
    const mix = `${percent(1 - this.share)} ${endName(a) || 'one'}, ${percent(this.share)} ${endName(b) || 'the other'}`;
    return html`
      <div class="frame">
        <div class="ends">${this.#endView(0, 'One end')} ${this.#endView(1, 'The other end')}</div>
        <input
          class="slide"
          part="slider"
          type="range"
          min="0"
          max="1"
          step="0.05"
          aria-label="From one to the other"
          aria-valuetext=${mix}
          .value=${String(this.share)}
          @input=${this.#slide}
        />
        ${this.#statusView()}
        <div class="mixed">${this.#mixedView()}</div>
        <div class="choices">
          <div class="row">${this.#languageMenu()} ${this.#styleMenu()}</div>
          ${againView({ seed: this.seed, disabled: this.#painted.busy, onSeed: this.reseed })}
        </div>
        <p class="unseen" role="status">${this.#summary(mix)}</p>
      </div>
    `;
  }

  #endView(place: 0 | 1, label: string): TemplateResult {
    return endView({
      end: this.ends[place],
      label,
      onWord: (word) => this.#typing.wait(() => this.#give(place, word)),
      onPicture: (source) => {
        void this.#reading.start(async ({ signal }) => this.#give(place, await readPicture(source, signal)));
      },
    });
  }

  #statusView(): unknown {
    const runs = [this.#reading, this.#placing, this.#painted.run, this.#written.run];
    const failed = runs.find(({ status }) => status === 'failed');
    const slow = runs.find((run) => run.status === 'running' && run.slow);
    const cancel = (): void => [this.#placing, this.#painted, this.#written].forEach((each) => each.cancel());
    return [
      failed ? errorView(failed, () => void (failed === this.#reading ? failed.retry() : this.#place())) : nothing,
      slow ? loadingView(slow.progress, cancel) : nothing,
    ];
  }

  #mixedView(): TemplateResult {
    const forming = this.#painted.unfinished.get(this.#style);
    const [painting] = this.#painted.of(this.#style)?.answers ?? [];
    const picture = forming?.picture ?? painting?.picture;
    const writing = this.#written.unfinished.get(this.#language);
    const [caption] = this.#written.of(this.#language)?.answers ?? [];
    const text = (writing ?? caption)?.text;
    return html`
      <div class="paper" part="painted">${picture ? canvasView(picture, 'The point between, painted') : nothing}</div>
      ${painting && !forming ? worthView(painting) : nothing}
      <p class="written ${writing ? 'forming' : ''}" part="written" lang=${this.#language} dir="auto">${text}</p>
      ${caption && !writing && isDoubtful(caption) ? html`<p class="doubt" part="doubt">No man’s land: words fail.</p>` : nothing}
      ${caption && !writing ? worthView(caption) : nothing}
    `;
  }

  #languageMenu(): TemplateResult {
    const languages = this.session?.captionLanguages ?? [];
    return html`<select aria-label="Language of the caption" @change=${this.#choose('language')}>
      ${languages.map(
        ({ code }) =>
          html`<option value=${code} lang=${code} ?selected=${code === this.#language}>
            ${languageName(languages, code)}
          </option>`,
      )}
    </select>`;
  }

  #styleMenu(): TemplateResult {
    return html`<select aria-label="Style of the painting" @change=${this.#choose('style')}>
      ${(this.session?.paintStyles ?? []).map(
        ({ id, name }) => html`<option value=${id} ?selected=${id === this.#style}>${name}</option>`,
      )}
    </select>`;
  }

  get #language(): string {
    return this.language ?? (this.session ? visitorLanguage(this.session.captionLanguages) : 'en');
  }

  get #style(): string {
    return this.pictureStyle ?? this.session?.paintStyles[0]?.id ?? 'noto';
  }

  #give(place: 0 | 1, end: End): void {
    const [a, b] = this.ends;
    this.ends = place === 0 ? [end, b] : [a, end];
    this.send(
      'cognate-change',
      typeof end === 'string' ? { property: 'phrase', value: end } : { property: 'picture', value: end.name },
    );
  }

  /** Finds the points of both ends, and makes what lies between. */
  async #place(): Promise<void> {
    if (!this.isConnected || this.ends.some((end) => endName(end) === '')) return;
    const { ends } = this;
    const points = await this.#placing.start(async (options) => pointsOf(await this.open(), ends, options));
    if (points) await this.#make();
  }

  async #make(): Promise<void> {
    const ends = this.#placing.result;
    if (!ends || this.#placing.status !== 'done') return;
    const point = between(...ends, this.share);
    await Promise.all([this.#written.ask(point, [this.#language]), this.#painted.ask(point, [this.#style])]);
  }

  /** Said aloud once all is there. */
  #summary(mix: string): string {
    const [caption] = this.#written.of(this.#language)?.answers ?? [];
    if (!caption || this.#written.busy || this.#painted.busy) return '';
    return `${mix}: ${caption.text}, ${worth(caption)}.`;
  }

  readonly #slide = ({ target }: Event): void => {
    this.share = (target as HTMLInputElement).valueAsNumber;
  };

  #choose(property: 'language' | 'style') {
    return ({ target }: Event): void => {
      const { value } = target as HTMLSelectElement;
      if (property === 'language') this.language = value;
      else this.pictureStyle = value;
      this.send('cognate-change', { property, value });
    };
  }
}

/** A generator that is asked from points instead of samples. */
function atPoints<Made>(generator: {
  decode(points: Embeddings, options?: CallOptions): Promise<readonly (readonly Made[])[]>;
  [Symbol.asyncDispose]: SampleGenerator<'text', 'text'>[typeof Symbol.asyncDispose];
}): Translator<Embeddings, readonly Made[]> {
  return {
    translate: async ([points], options) => (points ? generator.decode(points, options) : []),
    [Symbol.asyncDispose]: () => generator[Symbol.asyncDispose](),
  };
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
