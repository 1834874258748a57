import type { AlignmentReport } from '@cognate/core';
import type { Cognate, UnfinishedFit } from '@cognate/web-workers';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { CognateElement } from '../cognate-element.ts';
import '../events.ts';
import { visitorLanguage } from '../menus.ts';
import '../report/cognate-report.ts';
import { forecastView } from '../report/forecast-view.ts';
import { errorView } from '../status.ts';
import { actionsView } from './actions-view.ts';
import { AlignmentRun, type Aligned } from './alignment-run.ts';
import { modesView } from './choices-view.ts';
import { alignStyles } from './cognate-align.styles.ts';
import { curvesView } from './curves.ts';
import { OwnFlow } from './own/own-flow.ts';
import { progressView, sceneSentence } from './progress-view.ts';
import { SaveMenu } from './save-menu.ts';
import { asDrawn, starterSides, unknownSides, type Sides } from './sides.ts';
import { SpaceView } from './space-view.ts';
import { StarterFlow } from './starter-flow.ts';
import type { Task } from './task.ts';
import { Training } from './training.ts';
import { Unfinished } from './unfinished.ts';

export type { Aligned };

/** From now on all elements of the page translate by this alignment. */
export interface Used {
  /** Absent when the starter's own is in use again. */
  readonly report: AlignmentReport | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'cognate-align': CognateAlign;
  }
  interface HTMLElementEventMap {
    'cognate-aligned': CustomEvent<Aligned>;
    'cognate-used': CustomEvent<Used>;
  }
}

/** Elements that translate by the alignment in use. */
const others = 'cognate-caption, cognate-imagine';

/**
 * Trains an aligner before the visitor's eyes: chosen or brought pairs in, an alignment out, to use or to save. With
 * pairs of the visitor's own it becomes their translator.
 *
 * @fires cognate-aligned - `{ alignment, report }` when a training run has ended.
 * @fires cognate-used - `{ report }`: the page's elements translate by this alignment from now on.
 * @fires cognate-change - The visitor chose another language or style.
 * @fires cognate-error - `{ error }`: what the element says in a sentence.
 * @slot examples - Buttons that bring pairs to try, by way of `bring()`.
 * @csspart spaces - The picture of the two spaces.
 * @csspart intake - Where the visitor's own pairs arrive.
 * @csspart check - What was read, before anything is learned from it.
 * @csspart recall - The curve of held-out recall.
 * @csspart loss - The curve of the training loss.
 * @csspart translator - The visitor's own translator.
 * @csspart report - What the alignment is worth: a `<cognate-report>`.
 * @csspart save - What can be taken home.
 * @csspart loading - Progress with its cancel button.
 * @csspart error - The sentence that says what went wrong.
 * @cssprop --cognate-warm - Colour of the pictures' side, or the left one.
 * @cssprop --cognate-cool - Colour of the words' side, or the right one.
 * @cssprop --cognate-bridge - Colour of what joins them.
 * @cssprop --cognate-surface - Background.
 * @cssprop --cognate-font - Font family.
 */
@customElement('cognate-align')
export class CognateAlign extends CognateElement {
  static override styles = alignStyles;

  /** What to learn from: the starter's names and pictures, or what the visitor brings. */
  @property({ reflect: true }) pairs: 'starter' | 'own' = 'starter';

  /** Language of the starter's names; the visitor's own where none is set. */
  @property({ reflect: true }) language: string | undefined;

  /** Drawing style of the starter's pictures; the first one known where none is set. */
  @property({ reflect: true, attribute: 'picture-style' }) pictureStyle: string | undefined;

  /** Same seed, same alignment. */
  @property({ type: Number }) seed = 0;

  /** Training steps at most; the aligner's own choice where none are set. */
  @property({ type: Number }) steps: number | undefined;

  /** How to learn: `auto` tries what suits the number of pairs, and keeps what does best. */
  @property({ reflect: true }) method: Task['method'] = 'auto';

  readonly #fail = (error: unknown): void => this.fail(error);
  readonly #opened = (): Promise<Cognate> => this.open();
  readonly #flow = new OwnFlow(this, {
    open: this.#opened,
    onFailure: this.#fail,
    train: () => void this.train(),
    forget: () => this.#forget(),
    busy: () => this.#alignment.busy,
    moveOn: () => {
      if (this.#alignment.latest.status === 'failed') this.#alignment.latest.cancel();
    },
  });
  readonly #starter = new StarterFlow(this);
  readonly #training = new Training(this);
  readonly #space = new SpaceView(this);
  readonly #save = new SaveMenu(this, this.#opened, this.#fail);
  readonly #unfinished = new Unfinished(this, (fit) => void this.#resume(fit));
  readonly #alignment = new AlignmentRun(this, this.#unfinished, {
    open: this.#opened,
    onFailure: this.#fail,
    onAligned: (aligned) => this.send('cognate-aligned', aligned),
    onUsed: (report) => this.send('cognate-used', { report }),
  });

  /** As it was drawn last. */
  #busy = false;

  protected override firstUpdated(): void {
    if (this.pairs === 'own') this.#flow.restore();
    void this.#opened()
      .then((cognate) => this.#unfinished.look(cognate))
      .catch(() => {}); // told when the visitor asks for something
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (this.hasUpdated && changed.has('pairs')) this.#forget();
  }

  protected override update(changed: PropertyValues<this>): void {
    const focused = this.shadowRoot?.activeElement ?? this.querySelector(':focus');
    const before = this.#busy;
    this.#busy = this.#alignment.busy;
    super.update(changed);
    if (!focused || (focused.checkVisibility() && !focused.matches(':disabled'))) return;
    // What goes, or cannot be used any more, takes the focus with it. It goes to what tells of the run, with the ways
    // to stop it next, or to what there is to be done now.
    const find = (selector: string) => this.renderRoot.querySelector<HTMLElement>(selector);
    const next = before || this.#busy ? null : (find('[part=check] h2') ?? find('.intake textarea'));
    (next ?? find('.frame > .unseen'))?.focus({ preventScroll: true });
  }

  /** Trains anew with what is chosen now. Settles when the alignment is there, or an error is shown. */
  async train(): Promise<void> {
    await this.#alignment.learn((cognate, options) => {
      // Pairs added to those of the last run: training goes on from what it has learned.
      const adding = this.pairs === 'own' && this.#flow.data.adding;
      const from = adding ? this.#alignment.latest.result?.alignment : undefined;
      return this.#training.run(cognate, this.#task(cognate, from), options);
    });
  }

  /** Shows pairs to learn from, as if the visitor had brought them: two columns of text, or files. */
  async bring(data: string | readonly File[]): Promise<void> {
    this.pairs = 'own';
    this.#forget();
    await this.#flow.bring(data);
  }

  /** Uses a saved alignment. @param file a safetensors file that an alignment was saved to. */
  async load(file: Blob): Promise<void> {
    await this.#alignment.load(file);
  }

  protected override alignmentChanged(): void {
    // What it trains does not depend on the alignment in use.
  }

  protected override render(): TemplateResult {
    const run = this.#alignment.latest;
    const busy = this.#busy;
    const own = this.pairs === 'own';
    const sides = this.#sides;
    const { stage, forecast } = this.#training;
    const result = busy ? undefined : run.result;
    const report = result?.report;
    const shown = busy ? this.#training.shown : result?.shown;
    const failure = run.status === 'failed' ? errorView(run, () => void this.#alignment.retry()) : nothing;
    const drag = own ? this.#flow.drag : nothing;
    return html`
      <div class="frame" @dragover=${drag} @dragleave=${drag} @drop=${drag}>
        ${modesView(this.pairs, busy, (pairs) => (this.pairs = pairs))}
        ${busy ? nothing : this.#unfinished.view(this.session)}
        ${own ? this.#flow.view(busy, this.#own && report !== undefined) : this.#starterView(busy)}
        ${own ? failure : nothing} ${this.#own && report ? this.#flow.translatorView() : nothing}
        ${
          own && report && this.#alignment.origin === 'resumed'
            ? html`<p class="quiet" part="resumed">
                What this was learned from is too large to be kept. Save the alignment; or bring the same again for a
                translator, which takes less time now.
              </p>`
            : nothing
        }
        ${this.#space.view(
          shown?.scene,
          sceneSentence(stage, report, shown?.scene !== undefined, asDrawn(sides)),
          asDrawn(sides),
          own && !shown?.scene && !stage,
        )}
        <p class="unseen" role="status" tabindex="-1">
          ${busy ? stage : run.status === 'failed' ? 'Stopped.' : own && this.#flow.data.found ? 'Do these belong together?' : report ? `Done. ${report.verdict.reasons[0] ?? ''}` : ''}
        </p>
        ${busy ? progressView(this.#training, run) : nothing} ${own ? nothing : failure}
        ${shown?.warning ? html`<p class="quiet" part="warning">${shown.warning}</p>` : nothing}
        ${
          busy && forecast
            ? html`<div class=${sides.warm === 'source' ? '' : 'swapped'}>${forecastView(forecast, sides)}</div>`
            : nothing
        }
        ${shown ? curvesView(shown, busy, report?.chance.recallAt10) : nothing}
        ${report ? this.#reportView(report) : nothing} ${this.#actionsView(busy, result)}
      </div>
    `;
  }

  #starterView(busy: boolean): TemplateResult {
    return this.#starter.view({
      languages: this.session?.languages ?? [],
      styles: this.session?.styles ?? [],
      language: this.#language,
      style: this.#style,
      busy,
      again: this.#alignment.latest.result !== undefined && this.#alignment.origin === 'trained',
      chooseLanguage: (language) => {
        this.language = language;
        this.send('cognate-change', { property: 'language', value: language });
      },
      chooseStyle: (style) => {
        this.pictureStyle = style;
        this.send('cognate-change', { property: 'style', value: style });
      },
      train: () => void this.train(),
    });
  }

  #reportView(report: AlignmentReport): TemplateResult {
    const trained = this.#alignment.origin === 'trained';
    const own = this.#own;
    const { source, target, warm } = this.#sides;
    return html`
      <cognate-report
        part="report"
        .report=${report}
        .cognate=${this.session}
        .samples=${own ? this.#flow.samples : trained ? this.#starter.samples : undefined}
        .dropped=${this.#flow.data.dropped}
        .reviewing=${own && this.#flow.samples !== undefined}
        source-name=${source}
        target-name=${target}
        source-side=${warm === 'source' ? 'warm' : 'cool'}
        @cognate-dropped=${(event: HTMLElementEventMap['cognate-dropped']) => this.#flow.data.drop(event.detail.pairs)}
        >${own ? this.#flow.againView() : nothing}</cognate-report
      >
    `;
  }

  #actionsView(busy: boolean, result: Aligned | undefined): TemplateResult {
    const forPage =
      this.pairs === 'starter' || (this.#own && this.#flow.forPage && document.querySelector(others) !== null);
    return html`
      ${result ? this.#save.view(result.alignment, this.#own ? this.#flow.fitted : undefined) : nothing}
      ${actionsView({
        busy,
        usable: result !== undefined && forPage,
        used: this.#alignment.used,
        loadable: this.pairs === 'starter',
        use: () => void this.#alignment.use(),
        useStarter: () => void this.#alignment.useStarter(),
        load: (file) => void this.load(file),
      })}
    `;
  }

  get #language(): string {
    return this.language ?? (this.session ? visitorLanguage(this.session.languages) : 'en');
  }

  get #style(): string {
    return this.pictureStyle ?? this.session?.styles[0]?.id ?? 'noto';
  }

  /** True when the alignment on show, or on its way, joins sides that the visitor has brought. */
  get #own(): boolean {
    return this.pairs === 'own' && this.#alignment.origin === 'trained';
  }

  get #sides(): Sides {
    if (this.#alignment.origin === 'resumed') return unknownSides;
    return (this.#own && this.#flow.sides) || starterSides;
  }

  #task(cognate: Cognate, from: Uint8Array<ArrayBuffer> | undefined): Task {
    const { method, seed, steps } = this;
    const settings = { method, seed, steps };
    if (this.pairs === 'own') return this.#flow.task(cognate, settings, from);
    return this.#starter.task(cognate, settings, () => ({ language: this.#language, style: this.#style }));
  }

  /** Goes on with a run that a reload has cut short; where its words are kept, up to a translator. */
  async #resume(fit: UnfinishedFit): Promise<void> {
    const starter = this.#starter.recall(fit);
    const own = this.#flow.recall(fit);
    if (starter) this.pairs = 'starter';
    if (own) this.pairs = 'own';
    await this.updateComplete;
    await this.#alignment.learn(
      (cognate, options) =>
        this.#training.resumeRun(cognate, fit.key, this.#sides.warm, options, async (result) => {
          if (!own) return;
          await this.#flow.gather(cognate, options, own);
          await this.#flow.finish(cognate, result, options);
        }),
      starter || own ? 'trained' : 'resumed',
    );
  }

  /** Back to the beginning: nothing is trained. */
  #forget(): void {
    this.#alignment.forget();
  }
}
