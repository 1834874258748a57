import type { Candidate, Picture } from '@cognate/core';
import type { Caption, Name } from '@cognate/web-workers';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { Answers } from '../answers.ts';
import { againView, isDoubtful, madeStyles, sidesView, worth, worthView } from '../made.ts';
import { MakingElement } from '../making-element.ts';
import { languageName, visitorLanguage } from '../menus.ts';
import { PictureIntake } from '../picture-intake.ts';
import { intakeStyles } from '../picture-intake.styles.ts';
import { isGuess, percent, scoreStyles, scoreView, trustView } from '../score.ts';
import { statusStyles } from '../status.ts';
import { base, tokens } from '../theme.ts';
import { captionStyles } from './cognate-caption.styles.ts';

/** The nearest real names of a picture, best first. */
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
 * Picture in, words out: drop, paste, pick or address a picture, and read what a captioner writes for it in a language,
 * token by token, beside the nearest real names.
 *
 * @slot samples - Pictures at hand: an `<img>` inside a `<button>` is read when the button is pressed.
 * @fires cognate-captioned - `{ language, candidates }`, best first, after each picture and each change of language.
 * @fires cognate-written - `{ captions }`: what was written, after each picture, change of language and "again".
 * @fires cognate-change - The visitor gave another picture or chose another language or seed.
 * @fires cognate-error - `{ error }`: what the element says in a sentence.
 * @csspart zone - Where pictures land.
 * @csspart picture - The picture that was read.
 * @csspart made - The column of what is written.
 * @csspart written - The caption.
 * @csspart again - The button for another caption.
 * @csspart seed - The seed it is drawn with.
 * @csspart found - The column of real names.
 * @csspart results - The list of names.
 * @csspart result - One name with its score.
 * @csspart score - The line with a point at its end.
 * @csspart note - Why nothing is written.
 * @csspart loading - Progress with its cancel button.
 * @csspart error - The sentence that says what went wrong.
 * @cssprop --cognate-warm - Colour of the pictures' side.
 * @cssprop --cognate-cool - Colour of the words' side.
 * @cssprop --cognate-surface - Background.
 * @cssprop --cognate-font - Font family.
 */
@customElement('cognate-caption')
export class CognateCaption extends MakingElement {
  static override styles = [tokens, base, statusStyles, scoreStyles, madeStyles, intakeStyles, captionStyles];

  /** BCP 47 tag of caption and names; the visitor's own language where none is set. */
  @property({ reflect: true }) language: string | undefined;

  /** Address of a picture to name at once, without a visitor's doing. */
  @property() src: string | undefined;

  /** How many names to show. */
  @property({ type: Number }) limit = 5;

  readonly #intake = new PictureIntake(this, {
    given: (value) => this.send('cognate-change', { property: 'picture', value }),
    read: () => this.#ask(),
    failed: (error) => this.fail(error),
  });

  readonly #made = new Answers<Picture, Caption>(this, {
    open: () => this.open(),
    load: (cognate, language, options) => cognate.generator({ from: 'image', to: 'text', language }, options),
    settings: () => this.writing(),
    done: ({ by }) => this.send('cognate-written', { captions: [...by.values()].flat() }),
    failed: (error) => this.fail(error),
  });

  readonly #found = new Answers<Picture, Candidate<Name>>(this, {
    open: () => this.open(),
    load: (cognate, language, options) =>
      cognate.translator({ from: 'image', to: 'text', language, count: this.limit }, options),
    done: ({ by }) => {
      for (const [language, candidates] of by) this.send('cognate-captioned', { language, candidates });
    },
    failed: (error) => this.fail(error),
  });

  /** Names a picture: a file, or the address of one. Settles when the words are there, or an error is shown. */
  read(source: Blob | string): Promise<void> {
    return this.#intake.read(source);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('limit')) this.#found.clear();
    if (changed.has('src') && this.src) void this.read(this.src);
    else if (changed.has('language') || changed.has('limit')) void this.#ask();
    else if (changed.has('seed')) void this.#write();
  }

  protected override alignmentChanged(): void {
    this.#found.clear();
    this.#made.clear();
    void this.#ask();
  }

  protected override render(): TemplateResult {
    const languages = this.session?.languages ?? [];
    return html`
      <div class="frame beside" @pointerenter=${this.#warm} @focusin=${this.#warm}>
        ${this.#intake.view()}
        <slot name="samples"></slot>
        <div class="answers">
          <label class="choice">
            Say it in
            <select @change=${this.#choose}>
              ${languages.map(
                ({ code }) =>
                  html`<option value=${code} lang=${code} ?selected=${code === this.#language}>
                    ${languageName(languages, code)}
                  </option>`,
              )}
            </select>
          </label>
          ${this.#intake.statusView()} ${this.#intake.picture ? this.#sidesView() : waiting}
          <p class="unseen" role="status">${this.#summary()}</p>
        </div>
      </div>
    `;
  }

  #sidesView(): TemplateResult {
    return sidesView(
      { title: 'Written', answers: this.#made, doing: 'Writing', content: this.#writtenView() },
      { title: 'Nearest real names', answers: this.#found, doing: 'Placing names', content: this.#namesView() },
    );
  }

  #writtenView(): TemplateResult {
    const language = this.#language;
    if (!this.#writes) {
      const name = languageName(this.session?.languages, language);
      return html`<p class="note" part="note">The captioner does not write ${name} yet.</p>`;
    }
    const forming = this.#made.unfinished.get(language);
    const made = this.#made.of(language);
    const caption = made?.answers[0];
    const text = forming ? forming.text : caption?.text;
    const state = forming ? 'forming' : made?.stale ? 'stale' : '';
    return html`
      ${
        caption && !forming && isDoubtful(caption)
          ? html`<p class="doubt" part="doubt">Not sure. Read again, this lands elsewhere:</p>`
          : nothing
      }
      <p class="written ${state}" part="written" lang=${language} dir="auto">${text}</p>
      ${caption && !forming ? worthView(caption) : nothing}
      ${againView({ seed: this.seed, disabled: this.#made.busy, onSeed: this.reseed })}
    `;
  }

  #namesView(): TemplateResult | typeof nothing {
    const language = this.#language;
    const found = this.#found.of(language);
    if (!found) return nothing;
    const candidates = found.answers;
    const guess = isGuess(candidates);
    const stale = found.stale && this.#found.run.slow;
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

  /** Whether the captioner knows the language; names exist in others, too. */
  get #writes(): boolean {
    return this.session?.captionLanguages.some(({ code }) => code === this.#language) ?? false;
  }

  async #ask(): Promise<void> {
    const { picture } = this.#intake;
    if (!picture || !this.isConnected) return;
    await this.open().catch(() => {}); // told by whoever asks next
    await Promise.all([this.#found.ask(picture.bitmap, [this.#language]), this.#write()]);
  }

  async #write(): Promise<void> {
    const { picture } = this.#intake;
    if (picture && this.#writes) await this.#made.ask(picture.bitmap, [this.#language]);
    else this.#made.reset();
  }

  /** Said aloud once all is there, not token by token. */
  #summary(): string {
    if (this.#made.busy || this.#found.busy) return '';
    const language = this.#language;
    const caption = this.#made.of(language)?.answers[0];
    const names = this.#found.of(language)?.answers;
    const [best] = names ?? [];
    return [
      caption && `Written: ${caption.text}, ${worth(caption)}.`,
      best && `Nearest real name: ${best.item.name}${percent(best) && `, trust ${percent(best)}`}. `,
      names && (best ? `${names.length} names in all.` : 'No names found.'),
    ]
      .filter(Boolean)
      .join(' ');
  }

  /** The visitor is on the way: have the models ready when the picture comes. */
  readonly #warm = (): void => {
    this.#found.warm(this.#language);
    if (this.#writes) this.#made.warm(this.#language);
  };

  #choose(event: Event): void {
    this.language = (event.target as HTMLSelectElement).value;
    this.send('cognate-change', { property: 'language', value: this.language });
  }
}

const waiting = html`
  <div class="waiting">
    <i></i><i></i><i></i>
    <p class="quiet">What it is called appears here.</p>
  </div>
`;
