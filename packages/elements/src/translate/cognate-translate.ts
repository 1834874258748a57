import type { CallOptions, Candidate } from '@cognate/core';
import type { Cognate, Language, Name } from '@cognate/web-workers';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { CognateElement } from '../cognate-element.ts';
import '../events.ts';
import { LatestRun } from '../latest-run.ts';
import { languageName } from '../menus.ts';
import { phraseView, phraseStyles } from '../phrase.ts';
import { isGuess, scoreStyles, scoreView, trustView } from '../score.ts';
import { errorView, loadingView, statusStyles } from '../status.ts';
import { base, tokens } from '../theme.ts';
import { Translators } from '../translators.ts';
import { Typing } from '../typing.ts';
import { translateStyles } from './cognate-translate.styles.ts';

/** What came up for a phrase: the candidates of each language, best first. */
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

interface Answer {
  readonly phrase: string;
  readonly candidates: readonly Candidate<Name>[];
}

/** Shown until somebody chooses: several scripts and families. */
const defaultLanguages = ['en', 'de', 'fr', 'es', 'ru', 'hi'];

/**
 * Phrase in, names in several languages out, all from one point.
 *
 * @fires cognate-translated - `{ phrase, names }` when every language has answered.
 * @fires cognate-change - The visitor typed another phrase or chose other languages.
 * @fires cognate-error - `{ error }`: what the element says in a sentence.
 * @csspart phrase - The text field.
 * @csspart results - The list of languages.
 * @csspart result - One language with its names.
 * @csspart score - The line with a point at its end.
 * @csspart languages - The menu of languages.
 * @csspart loading - Progress with its cancel button.
 * @csspart error - The sentence that says what went wrong.
 * @cssprop --cognate-cool - Colour of the words' side.
 * @cssprop --cognate-surface - Background.
 * @cssprop --cognate-font - Font family.
 */
@customElement('cognate-translate')
export class CognateTranslate extends CognateElement {
  static override styles = [tokens, base, statusStyles, scoreStyles, phraseStyles, translateStyles];

  /** What to translate, in any language. */
  @property() phrase = '';

  /** Languages to translate into, separated by spaces or commas; a varied handful where none are set. */
  @property({ reflect: true }) languages: string | undefined;

  /** Phrases to try, with `|` between them. */
  @property() examples = '';

  /** How many names to show for each language. */
  @property({ type: Number }) limit = 3;

  /** Grows language by language while the others are still under way. */
  @state() private names: ReadonlyMap<string, Answer> = new Map();

  /** Whose names are being placed. */
  #placing = '';

  readonly #run = new LatestRun<Translated>(this, (error) => this.fail(error));
  readonly #typing = new Typing(this);
  readonly #translators = new Translators<string, readonly Candidate<Name>[]>();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#translators.clear();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('phrase') || changed.has('languages') || changed.has('limit')) this.#translateAll();
  }

  protected override alignmentChanged(): void {
    this.#translators.clear();
    if (this.isConnected) this.#translateAll();
  }

  protected override render(): TemplateResult {
    const run = this.#run;
    const busy = run.status === 'running';
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
        ${this.#menuView()} ${run.status === 'failed' ? errorView(run, () => void this.#settle(run.retry())) : nothing}
        ${
          busy && run.slow
            ? loadingView(
                run.progress,
                () => run.cancel(),
                `Placing names in ${languageName(this.session?.languages, this.#placing)}`,
              )
            : nothing
        }
        ${run.status === 'failed' ? nothing : this.#namesView()}
      </div>
      <p class="unseen" role="status">
        ${run.status === 'done' && run.result ? summary(run.result, this.session?.languages) : ''}
      </p>
    `;
  }

  #namesView(): TemplateResult {
    const now = this.phrase.trim();
    return html`
      <dl class="languages" part="results">
        ${repeat(
          this.#chosen,
          (tag) => tag,
          (tag) => {
            const { phrase, candidates } = this.names.get(tag) ?? { phrase: now, candidates: [] };
            const [best, ...others] = candidates;
            return html`
              <div
                class="language ${isGuess(candidates) ? 'guess' : ''} ${phrase === now ? '' : 'stale'}"
                part="result"
              >
                <dt lang=${tag}>${languageName(this.session?.languages, tag)}</dt>
                <dd lang=${tag} dir="auto">
                  ${best ? html`<span class="best">${best.item.name}</span>` : html`<span class="blank"></span>`}
                </dd>
                ${best ? html`<dd class="far">${scoreView(best)} ${trustView(best)}</dd>` : nothing}
                ${
                  others.length > 0
                    ? html`<dd class="others quiet" lang=${tag} dir="auto">
                        ${others.map(({ item }) => html`<span>${item.name}</span>`)}
                      </dd>`
                    : nothing
                }
              </div>
            `;
          },
        )}
      </dl>
    `;
  }

  #menuView(): TemplateResult {
    const chosen = this.#chosen;
    const languages = this.session?.languages ?? [];
    return html`
      <details part="languages">
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

  #translateAll(): void {
    const phrase = this.phrase.trim();
    if (!phrase) {
      if (this.#run.status === 'idle') return;
      this.names = new Map();
      this.#run.reset();
      return;
    }
    void this.#settle(this.#run.start((options) => this.#translate(phrase, options)));
  }

  async #translate(phrase: string, options: CallOptions): Promise<Translated> {
    const cognate = await this.open();
    const names = new Map<string, readonly Candidate<Name>[]>();
    const one = async (language: string): Promise<void> => {
      this.#placing = language;
      const translator = await this.#translators.get(...this.#recipe(cognate, language), options);
      const [candidates = []] = await translator.translate([phrase], { signal: options.signal });
      options.signal?.throwIfAborted();
      names.set(language, candidates);
      this.names = new Map([...this.names, [language, { phrase, candidates }]]);
    };
    // One after the other, so that names appear as soon as they can; first where there is nothing left to prepare.
    const ready = (language: string): boolean => this.#translators.has(this.#recipe(cognate, language)[0]);
    const chosen = [...this.#chosen].sort((a, b) => Number(ready(b)) - Number(ready(a)));
    for (const language of chosen) await one(language);
    return { phrase, names };
  }

  /** What makes the translator into a language, and the key to keep it by. */
  #recipe(cognate: Cognate, language: string) {
    const request = { from: 'text', to: 'text', language, count: this.limit } as const;
    return [`${language} ${request.count}`, (options: CallOptions) => cognate.translator(request, options)] as const;
  }

  async #settle(running: Promise<Translated | undefined>): Promise<void> {
    const translated = await running;
    if (translated) this.send('cognate-translated', translated);
  }

  /** The visitor is on the way: have the models ready when the phrase comes. */
  readonly #warm = (): void => {
    const [first] = this.#chosen;
    if (first === undefined) return;
    this.open()
      .then((cognate) => this.#translators.warm(...this.#recipe(cognate, first)))
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
    const { value, checked } = event.target as HTMLInputElement;
    const before = this.#chosen;
    const chosen = checked ? [...before, value] : before.filter((tag) => tag !== value);
    this.languages = chosen.join(' ');
    this.send('cognate-change', { property: 'languages', value: chosen });
  }
}

function summary({ names }: Translated, languages: readonly Language[] | undefined): string {
  const best = [...names].flatMap(([tag, [first]]) =>
    first ? [`${languageName(languages, tag)}: ${first.item.name}`] : [],
  );
  return best.length > 0 ? best.join('. ') : 'No names found.';
}
