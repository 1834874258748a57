import type { Candidate, Picture } from '@cognate/core';
import type { Painting, PictureItem, Style } from '@cognate/web-workers';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { Answers } from '../answers.ts';
import { drawingName, drawingUrl } from '../drawing.ts';
import { againView, isDoubtful, madeStyles, noteView, worthView } from '../made.ts';
import { MakingElement } from '../making-element.ts';
import { canvasView, paintingStyles, savePainting } from '../painting.ts';
import { PictureIntake } from '../picture-intake.ts';
import { intakeStyles } from '../picture-intake.styles.ts';
import { isGuess, scoreStyles } from '../score.ts';
import { errorView, loadingView, statusStyles } from '../status.ts';
import { base, tokens } from '../theme.ts';
import { restyleStyles } from './cognate-restyle.styles.ts';

declare global {
  interface HTMLElementTagNameMap {
    'cognate-restyle': CognateRestyle;
  }
}

/**
 * Picture in, the same thing in other styles out: drop, paste, pick or address a picture, and see it painted in every
 * style that the painter knows, each beside the nearest real drawing of that style.
 *
 * @slot samples - Pictures at hand: an `<img>` inside a `<button>` is read when the button is pressed.
 * @fires cognate-painted - `{ paintings }`, one of each style, after each picture and "again".
 * @fires cognate-change - The visitor gave another picture or chose another seed.
 * @fires cognate-error - `{ error }`: what the element says in a sentence.
 * @csspart zone - Where pictures land.
 * @csspart picture - The picture that was read.
 * @csspart results - The list of styles.
 * @csspart result - One style.
 * @csspart painted - What is painted in it.
 * @csspart found - The nearest real drawing of it.
 * @csspart save - The button that saves the painting.
 * @csspart score - The line with a point at its end.
 * @csspart again - The button for other paintings.
 * @csspart seed - The seed they are painted with.
 * @csspart note - Why nothing is painted.
 * @csspart loading - Progress with its cancel button.
 * @csspart error - The sentence that says what went wrong.
 * @cssprop --cognate-warm - Colour of the pictures' side.
 * @cssprop --cognate-surface - Background.
 * @cssprop --cognate-font - Font family.
 */
@customElement('cognate-restyle')
export class CognateRestyle extends MakingElement {
  static override styles = [
    ...[tokens, base, statusStyles, scoreStyles, madeStyles],
    ...[paintingStyles, intakeStyles, restyleStyles],
  ];

  /** Address of a picture to paint at once, without a visitor's doing. */
  @property() src: string | undefined;

  readonly #intake = new PictureIntake(this, {
    given: (value) => this.send('cognate-change', { property: 'picture', value }),
    read: () => this.#ask(),
    failed: (error) => this.fail(error),
  });

  readonly #made = new Answers<Picture, Painting>(this, {
    open: () => this.open(),
    load: (cognate, style, options) => cognate.generator({ from: 'image', to: 'image', style }, options),
    settings: () => ({ seed: this.seed }),
    done: ({ by }) => this.send('cognate-painted', { paintings: [...by.values()].flat() }),
    failed: (error) => this.fail(error),
  });

  readonly #found = new Answers<Picture, Candidate<PictureItem>>(this, {
    open: () => this.open(),
    load: (cognate, style, options) => cognate.translator({ from: 'image', to: 'image', style, count: 1 }, options),
    done: () => {},
    failed: (error) => this.fail(error),
  });

  /** Paints a picture: a file, or the address of one. Settles when the paintings are there, or an error is shown. */
  read(source: Blob | string): Promise<void> {
    return this.#intake.read(source);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('src') && this.src) void this.read(this.src);
    else if (changed.has('seed')) void this.#paint();
  }

  protected override alignmentChanged(): void {
    this.#found.clear();
    this.#made.clear();
    void this.#ask();
  }

  protected override render(): TemplateResult {
    return html`
      <div class="frame beside" @pointerenter=${this.#warm} @focusin=${this.#warm}>
        ${this.#intake.view()}
        <slot name="samples"></slot>
        <div class="answers">
          ${this.#intake.statusView()} ${this.#statusView()}
          <ol class="styles" part="results">
            ${repeat(
              this.#styles,
              ({ id }) => id,
              (style) => this.#styleView(style),
            )}
          </ol>
          ${
            this.#intake.picture && this.#made.run.status !== 'failed'
              ? againView({ seed: this.seed, disabled: this.#made.busy, onSeed: this.reseed })
              : nothing
          }
          <p class="unseen" role="status">${this.#summary()}</p>
        </div>
      </div>
    `;
  }

  /** What is going on, or went wrong; a failure of both is told once. */
  #statusView(): unknown {
    const [made, found] = [this.#made, this.#found];
    const slow = [found, made].find(({ run }) => run.status === 'running' && run.slow);
    const cancel = (): void => [found, made].forEach((each) => each.cancel());
    const doing = slow === made ? 'Painting' : 'Placing drawings';
    return [
      found.run.status === 'failed' ? errorView(found.run, () => void found.retry()) : noteView(made),
      slow ? loadingView(slow.run.progress, cancel, doing) : nothing,
    ];
  }

  #styleView({ id, name }: Style): TemplateResult {
    const forming = this.#made.unfinished.get(id);
    const made = this.#made.of(id);
    const painting = forming ? undefined : made?.answers[0];
    const picture = forming?.picture ?? painting?.picture;
    return html`
      <li part="result">
        <p class="style">${name}</p>
        <div class="paper ${picture ? '' : 'empty'} ${made?.stale && !forming ? 'stale' : ''}" part="painted">
          ${picture ? canvasView(picture, `Painted in the style of ${name}`) : nothing}
        </div>
        ${painting && isDoubtful(painting) ? html`<p class="doubt" part="doubt">Not sure of this one.</p>` : nothing}
        ${painting ? worthView(painting) : nothing} ${this.#realView(id)}
        ${
          painting
            ? html`<div>
                <button class="chip" part="save" @click=${() => void savePainting(painting, this.#subject)}>
                  Save<span class="unseen"> the painting in the style of ${name}</span>
                </button>
              </div>`
            : nothing
        }
      </li>
    `;
  }

  #realView(style: string): TemplateResult | typeof nothing {
    const found = this.#found.of(style);
    const [nearest] = found?.answers ?? [];
    if (!found || !nearest) return nothing;
    return html`
      <p class="real ${found.stale ? 'stale' : ''}" part="found">
        <img src=${drawingUrl(nearest.item)} alt=${drawingName(nearest.item)} />
        <span>${isGuess(found.answers) ? 'nearest real drawing, not very near' : 'nearest real drawing'}</span>
      </p>
    `;
  }

  get #styles(): readonly Style[] {
    return this.session?.paintStyles ?? [];
  }

  /** What files are named after. */
  get #subject(): string {
    return this.#intake.picture?.name.replace(/\.\w+$/, '') || 'picture';
  }

  async #ask(): Promise<void> {
    const { picture } = this.#intake;
    if (!picture || !this.isConnected) return;
    await this.open().catch(() => {}); // told by whoever asks next
    const styles = this.#styles.map(({ id }) => id);
    await Promise.all([this.#found.ask(picture.bitmap, styles), this.#paint()]);
  }

  async #paint(): Promise<void> {
    const { picture } = this.#intake;
    const styles = this.#styles.map(({ id }) => id);
    if (picture) await this.#made.ask(picture.bitmap, styles);
  }

  /** Said aloud once all are there. */
  #summary(): string {
    if (this.#made.busy || this.#found.busy || !this.#intake.picture) return '';
    const painted = this.#styles.filter(({ id }) => this.#made.of(id)).map(({ name }) => name);
    return painted.length > 0 ? `Painted in the styles of ${painted.join(', ')}.` : '';
  }

  /** The visitor is on the way: have the models ready when the picture comes. */
  readonly #warm = (): void => {
    const [first] = this.#styles;
    this.#found.warm(first?.id);
    this.#made.warm(first?.id);
  };
}
