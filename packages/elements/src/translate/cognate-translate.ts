import type { Candidate } from '@cognate/core';
import type { Caption, Name } from '@cognate/web-workers';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { Answers } from '../answers.ts';
import { againView, isDoubtful, madeStyles, noteView, worthView } from '../made.ts';
import { MakingElement } from '../making-element.ts';
import { languageName } from '../menus.ts';
import { phraseView, phraseStyles } from '../phrase.ts';
import { isGuess, scoreStyles, scoreView, trustView } from '../score.ts';
import { errorView, loadingView, statusStyles } from '../status.ts';
import { base, tokens } from '../theme.ts';
import { Typing } from '../typing.ts';
import { translateStyles } from './cognate-translate.styles.ts';

/** The nearest real names of a phrase in each language, best first. */
export interface Translated {
  readonly phrase: string;
  readonly names: ReadonlyMap<string, readonly Candidate<Name>[]>;
}

declare global {
  interface HTMLElementTagNameMap {
    'cognate-translate': CognateTranslate;
  }
  interface HTMLElementEventMap {
    'cognate-translated': CustomEvent<Translated>;
  }
}

/** Shown until somebody chooses: several scripts and families. */
const defaultLanguages = ['en', 'de', 'fr', 'es', 'ru', 'ja'];

/**
 * Phrase in, several languages out, all from one point: what a captioner writes in each of them, token by token, and
 * beneath it the nearest real names.
 *
 * @fires cognate-translated - `{ phrase, names }` when real names are found in every language.
 * @fires cognate-written - `{ captions }` when every language is written.
 * @fires cognate-change - The visitor typed another phrase or chose other languages or another seed.
 * @fires cognate-error - `{ error }`: what the element says in a sentence.
 * @csspart phrase - The text field.
 * @csspart results - The list of languages.
 * @csspart result - One language.
 * @csspart written - What is written in it.
 * @csspart found - The nearest real names in it.
 * @csspart again - The button for other words.
 * @csspart seed - The seed they are drawn with.
 * @csspart note - Why nothing is written.
 * @csspart score - The line with a point at its end.
 * @csspart languages - The menu of languages.
 * @csspart loading - Progress with its cancel button.
 * @csspart error - The sentence that says what went wrong.
 * @cssprop --cognate-cool - Colour of the words' side.
 * @cssprop --cognate-surface - Background.
 * @cssprop --cognate-font - Font family.
 */
@customElement('cognate-translate')
export class CognateTranslate extends MakingElement {
  static override styles = [tokens, base, statusStyles, scoreStyles, madeStyles, phraseStyles, translateStyles];

  /** What to translate, in any language. */
  @property() phrase = '';

  /** Languages to translate into, separated by spaces or commas; a varied handful where none are set. */
  @property({ reflect: true }) languages: string | undefined;

  /** Phrases to try, with `|` between them. */
  @property() examples = '';

  /** How many real names to show for each language. */
  @property({ type: Number }) limit = 3;

  readonly #typing = new Typing(this);

  readonly #made = new Answers<string, Caption>(this, {
    open: () => this.open(),
    load: (cognate, language, options) => cognate.generator({ from: 'text', to: 'text', language }, options),
    settings: () => this.writing(),
    done: ({ by }) => this.send('cognate-written', { captions: [...by.values()].flat() }),
    failed: (error) => this.fail(error),
  });

  readonly #found = new Answers<string, Candidate<Name>>(this, {
    open: () => this.open(),
    load: (cognate, language, options) =>
      cognate.translator({ from: 'text', to: 'text', language, count: this.limit }, options),
    done: ({ input, by }) => this.send('cognate-translated', { phrase: input, names: by }),
    failed: (error) => this.fail(error),
  });

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('limit')) this.#found.clear();
    if (changed.has('phrase') || changed.has('languages') || changed.has('limit')) void this.#translate();
    else if (changed.has('seed')) this.#write();
  }

  protected override alignmentChanged(): void {
    this.#found.clear();
    this.#made.clear();
    if (this.isConnected) void this.#translate();
  }

  protected override render(): TemplateResult {
    const made = this.#made;
    const found = this.#found;
    const failed = found.run.status === 'failed';
    return html`
      <div class="frame" @pointerenter=${this.#warm} @focusin=${this.#warm}>
        ${phraseView({
          phrase: this.phrase,
          examples: this.examples,
          label: 'Phrase to translate, in any language',
          placeholder: 'Type a word or phrase',
          onInput: this.#type,
          onExample: this.#take,
        })}
        ${this.#menuView()} ${failed ? errorView(found.run, () => void found.retry()) : noteView(made)}
        ${failed && made.run.status === 'failed' ? nothing : this.#languagesView()} ${this.#progressView()}
        ${
          this.phrase.trim() && made.run.status !== 'failed'
            ? againView({ seed: this.seed, disabled: made.busy, onSeed: this.reseed })
            : nothing
        }
      </div>
      <p class="unseen" role="status">${this.#summary()}</p>
    `;
  }

  #languagesView(): TemplateResult {
    return html`
      <dl class="languages" part="results">
        ${repeat(
          this.#chosen,
          (tag) => tag,
          (tag) => this.#languageView(tag),
        )}
      </dl>
    `;
  }

  /** What is written where the captioner knows the language; what is found stands in its place otherwise. */
  #languageView(tag: string): TemplateResult {
    const forming = this.#made.unfinished.get(tag);
    const made = this.#made.of(tag);
    const caption = made?.answers[0];
    const found = this.#found.of(tag);
    const candidates = found?.answers ?? [];
    const written = this.#written([tag]).length > 0;
    const [best] = candidates;
    const stale = (written && !forming ? made : found)?.stale;
    const guess = written ? caption && isDoubtful(caption) : isGuess(candidates);
    const text = written ? (forming ?? caption)?.text : best?.item.name;
    const names = written ? candidates : candidates.slice(1);
    return html`
      <div class="language ${guess ? 'guess' : ''} ${stale ? 'stale' : ''}" part="result">
        <dt lang=${tag}>${languageName(this.session?.languages, tag)}</dt>
        <dd lang=${tag} dir="auto" part=${written ? 'written' : 'best'}>
          ${
            text === undefined
              ? html`<span class="blank"></span>`
              : html`<span class="best ${forming ? 'forming' : ''}">${text}</span>`
          }
        </dd>
        ${written && caption && !forming ? html`<dd>${worthView(caption)}</dd>` : nothing}
        ${!written && best ? html`<dd class="worth">${scoreView(best)} ${trustView(best)}</dd>` : nothing}
        ${
          names.length > 0
            ? html`<dd class="others quiet" part="found">
                nearest: ${names.map(({ item }) => html`<bdi lang=${tag}>${item.name}</bdi>`)}
              </dd>`
            : nothing
        }
      </div>
    `;
  }

  #progressView(): TemplateResult | typeof nothing {
    const busy = [this.#found, this.#made].find(({ run }) => run.status === 'running' && run.slow);
    if (!busy) return nothing;
    const doing = busy === this.#made ? 'Writing' : 'Placing names in';
    const cancel = (): void => [this.#found, this.#made].forEach((each) => each.cancel());
    return loadingView(busy.run.progress, cancel, `${doing} ${languageName(this.session?.languages, busy.target)}`);
  }

  #menuView(): TemplateResult {
    const chosen = this.#chosen;
    const languages = this.session?.languages ?? [];
    return html`
      <details class="menu" part="languages">
        <summary class="button">${chosen.length === 1 ? '1 language' : `${chosen.length} languages`}</summary>
        <fieldset>
          <legend class="unseen">Languages to translate into</legend>
          ${languages.map(
            ({ code }) => html`
              <label class="tick">
                <input type="checkbox" value=${code} .checked=${chosen.includes(code)} @change=${this.#choose} />
                <span lang=${code}>${languageName(languages, code)}</span>
              </label>
            `,
          )}
        </fieldset>
      </details>
    `;
  }

  get #chosen(): readonly string[] {
    if (this.languages !== undefined) return this.languages.split(/[\s,]+/).filter(Boolean);
    const known = this.session?.languages;
    return known ? defaultLanguages.filter((tag) => known.some(({ code }) => code === tag)) : defaultLanguages;
  }

  /** Those of the languages that the captioner writes, while it can. */
  #written(tags: readonly string[]): readonly string[] {
    const known = this.#made.run.status === 'failed' ? [] : (this.session?.captionLanguages ?? []);
    return tags.filter((tag) => known.some(({ code }) => code === tag));
  }

  async #translate(): Promise<void> {
    const phrase = this.phrase.trim();
    if (!phrase) {
      this.#found.reset();
      this.#made.reset();
      return;
    }
    await this.open().catch(() => {}); // told by whoever asks next
    if (phrase !== this.phrase.trim()) return;
    void this.#found.ask(phrase, this.#chosen);
    this.#write();
  }

  #write(): void {
    const phrase = this.phrase.trim();
    if (this.#made.run.status === 'failed') this.#made.reset();
    if (phrase) void this.#made.ask(phrase, this.#written(this.#chosen));
  }

  /** Said aloud once all is there, not token by token. */
  #summary(): string {
    if (this.#found.busy || this.#made.busy || !this.phrase.trim()) return '';
    const best = this.#chosen.flatMap((tag) => {
      const text = this.#made.of(tag)?.answers[0]?.text ?? this.#found.of(tag)?.answers[0]?.item.name;
      return text === undefined ? [] : [`${languageName(this.session?.languages, tag)}: ${text}`];
    });
    return best.length > 0 ? best.join('. ') : '';
  }

  /** The visitor is on the way: have the models ready when the phrase comes. */
  readonly #warm = (): void => {
    this.#found.warm(this.#chosen[0]);
    this.#made.warm(this.#written(this.#chosen)[0]);
  };

  readonly #type = (value: string): void => this.#typing.wait(() => this.#take(value));

  readonly #take = (value: string): void => {
    this.#typing.stop();
    if (value === this.phrase) return;
    this.phrase = value;
    this.send('cognate-change', { property: 'phrase', value });
  };

  #choose(event: Event): void {
    const { value, checked } = event.target as HTMLInputElement;
    const before = this.#chosen;
    const chosen = checked ? [...before, value] : before.filter((tag) => tag !== value);
    this.languages = chosen.join(' ');
    this.send('cognate-change', { property: 'languages', value: chosen });
  }
}
