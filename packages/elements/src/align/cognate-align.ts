import { CognateError, type AlignmentReport } from '@cognate/core';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { CognateElement } from '../cognate-element.ts';
import { useAlignment } from '../connection.ts';
import '../events.ts';
import { LatestRun } from '../latest-run.ts';
import { languageName, visitorLanguage } from '../menus.ts';
import { errorView, loadingView, statusStyles } from '../status.ts';
import { base, tokens } from '../theme.ts';
import { alignStyles } from './cognate-align.styles.ts';
import { curvesStyles, curvesView } from './curves.ts';
import { OwnPairsForm, ownPairsStyles } from './own-pairs-form.ts';
import { reportView, reportStyles } from './report-view.ts';
import { SpacePicture, type Scene } from './space-picture.ts';
import { Training } from './training.ts';

/** A finished training run. */
export interface Aligned {
  /** A safetensors file. */
  readonly alignment: Uint8Array<ArrayBuffer>;
  readonly report: AlignmentReport;
}

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

/** Where an alignment on show comes from. */
type Origin = 'trained' | 'loaded';

/**
 * Trains an aligner before the visitor's eyes: chosen or brought pairs in, an alignment out, to use or to save.
 *
 * @fires cognate-aligned - `{ alignment, report }` when a training run has ended.
 * @fires cognate-used - `{ report }`: the page's elements translate by this alignment from now on.
 * @fires cognate-change - The visitor chose another language or style.
 * @fires cognate-error - `{ error }`: what the element says in a sentence.
 * @csspart spaces - The picture of the two spaces.
 * @csspart recall - The curve of held-out recall.
 * @csspart loss - The curve of the training loss.
 * @csspart report - What the alignment is worth.
 * @csspart loading - Progress with its cancel button.
 * @csspart error - The sentence that says what went wrong.
 * @cssprop --cognate-warm - Colour of the pictures' side.
 * @cssprop --cognate-cool - Colour of the words' side.
 * @cssprop --cognate-bridge - Colour of what joins them.
 * @cssprop --cognate-surface - Background.
 * @cssprop --cognate-font - Font family.
 */
@customElement('cognate-align')
export class CognateAlign extends CognateElement {
  static override styles = [tokens, base, statusStyles, curvesStyles, reportStyles, ownPairsStyles, alignStyles];

  /** Language of the starter's names; the visitor's own where none is set. */
  @property({ reflect: true }) language: string | undefined;

  /** Drawing style of the starter's pictures; the first one known where none is set. */
  @property({ reflect: true, attribute: 'picture-style' }) pictureStyle: string | undefined;

  /** Same seed, same alignment. */
  @property({ type: Number }) seed = 0;

  /** Training steps at most; the aligner's own choice where none are set. */
  @property({ type: Number }) steps: number | undefined;

  @state() private origin: Origin = 'trained';
  @state() private used = false;

  @query('canvas') private readonly canvas!: HTMLCanvasElement;

  readonly #run = new LatestRun<Aligned>(this, (error) => this.fail(error));
  readonly #own = new OwnPairsForm(this);
  readonly #training = new Training(this, (scene) => this.#draw(scene));
  #resized: ResizeObserver | undefined;
  #space: SpacePicture | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized?.disconnect();
  }

  /** Trains anew with what is chosen now. Settles when the alignment is there, or an error is shown. */
  async train(): Promise<void> {
    this.used = false;
    await this.#settle(
      this.#run.start(async (options) => {
        const cognate = await this.open();
        const own = await this.#own.read(options.signal);
        const wanted = { language: this.#language, style: this.#style, ...own };
        const result = await this.#training.run(cognate, wanted, { seed: this.seed, steps: this.steps }, options);
        this.origin = 'trained';
        return result;
      }),
    );
  }

  /** Uses a saved alignment. @param file a safetensors file that an alignment was saved to. */
  async load(file: Blob): Promise<void> {
    await this.#settle(
      this.#run.start(async () => {
        const alignment = new Uint8Array(await file.arrayBuffer());
        const summary = await useAlignment(await this.open(), alignment);
        if (!summary) throw new CognateError('file-format', 'This file holds no alignment.');
        this.origin = 'loaded';
        this.used = true;
        return { alignment, report: summary.report };
      }),
    );
  }

  protected override alignmentChanged(): void {
    // What it trains does not depend on the alignment in use.
  }

  protected override render(): TemplateResult {
    const run = this.#run;
    const busy = run.status === 'running';
    const { stage, looks, total, references } = this.#training;
    const report = run.status === 'done' ? run.result?.report : undefined;
    return html`
      <div class="frame">
        ${this.#choiceView(busy)}
        <div class="spaces" part="spaces">
          <canvas role="img" aria-label=${sceneSentence(stage, report, this.#space !== undefined)}></canvas>
          ${this.#space ? nothing : html`<div class="before" aria-hidden="true"><i></i><i></i></div>`}
          <span class="side pictures">pictures</span><span class="side words">words</span>
        </div>
        ${busy ? this.#busyView() : nothing}
        ${run.status === 'failed' ? errorView(run, () => void this.train()) : nothing}
        ${
          looks.length > 0 || references.length > 0
            ? curvesView(looks, busy ? total : (looks.at(-1)?.step ?? total), references, report?.chance.recallAt10)
            : nothing
        }
        ${report ? reportView(report) : nothing} ${this.#actionsView(busy, report)}
        <p class="unseen" role="status">
          ${busy ? stage : report ? `Done. ${report.method} was kept.` : run.status === 'idle' ? '' : 'Stopped.'}
        </p>
      </div>
    `;
  }

  #choiceView(busy: boolean): TemplateResult {
    const { languages = [], styles = [] } = this.session ?? {};
    return html`
      <div class="choices">
        <label class="choice">
          Pictures drawn as
          <select ?disabled=${busy} @change=${this.#chooseStyle}>
            ${styles.map(({ id, name }) => html`<option value=${id} ?selected=${id === this.#style}>${name}</option>`)}
          </select>
        </label>
        <label class="choice">
          Names in
          <select ?disabled=${busy} @change=${this.#chooseLanguage}>
            ${languages.map(
              ({ code }) =>
                html`<option value=${code} lang=${code} ?selected=${code === this.#language}>
                  ${languageName(languages, code)}
                </option>`,
            )}
          </select>
        </label>
        <button class="primary" ?disabled=${busy} @click=${() => void this.train()}>
          ${this.#run.result && this.origin === 'trained' ? 'Train again' : 'Train'}
        </button>
      </div>
      ${this.#own.view(busy)}
    `;
  }

  #busyView(): TemplateResult {
    const run = this.#run;
    const training = this.#training;
    if (!training.stage || training.stage === 'Gathering pairs') {
      return run.slow ? loadingView(run.progress, () => run.cancel()) : html``;
    }
    const step = training.looks.at(-1)?.step;
    return html`
      <div class="status" part="loading">
        <div class="row">
          <span class="quiet">${training.paused ? 'Paused' : stageSentence(training, step)}</span>
          <span class="row">
            <button class="chip" @click=${() => (training.paused ? training.resume() : training.pause())}>
              ${training.paused ? 'Go on' : 'Pause'}
            </button>
            <button class="chip" part="cancel" @click=${() => run.cancel()}>Cancel</button>
          </span>
        </div>
        <progress
          aria-label="Training"
          max="1"
          value=${step === undefined ? nothing : step / training.total}
        ></progress>
      </div>
    `;
  }

  #actionsView(busy: boolean, report: AlignmentReport | undefined): TemplateResult {
    return html`
      <div class="row actions">
        ${
          report
            ? html`
                <button class="primary" ?disabled=${this.used} @click=${() => void this.#use()}>
                  ${this.used ? 'In use on this page' : 'Use it on this page'}
                </button>
                <button @click=${this.#save}>Save</button>
              `
            : nothing
        }
        ${this.used ? html`<button @click=${() => void this.#useStarter()}>Back to the starter’s own</button>` : nothing}
        <label class="pick">
          <span class="button">Load a saved one</span>
          <span class="unseen">
            <input type="file" accept=".safetensors" ?disabled=${busy} @change=${this.#pickFile} />
          </span>
        </label>
      </div>
    `;
  }

  get #language(): string {
    return this.language ?? (this.session ? visitorLanguage(this.session.languages) : 'en');
  }

  get #style(): string {
    return this.pictureStyle ?? this.session?.styles[0]?.id ?? 'noto';
  }

  #draw(scene: Scene): void {
    if (!this.#space) {
      this.#space = new SpacePicture(this.canvas);
      this.#resized = new ResizeObserver(() => this.#space?.redraw());
      this.#resized.observe(this.canvas);
    }
    this.#space.show(scene);
  }

  async #settle(running: Promise<Aligned | undefined>): Promise<void> {
    const aligned = await running;
    if (!aligned) return;
    if (this.used) this.send('cognate-used', { report: aligned.report });
    else this.send('cognate-aligned', aligned);
  }

  async #use(): Promise<void> {
    const { result } = this.#run;
    if (!result) return;
    await this.#settle(
      this.#run.start(async () => {
        await useAlignment(await this.open(), result.alignment);
        this.used = true;
        return result;
      }),
    );
  }

  async #useStarter(): Promise<void> {
    await useAlignment(await this.open(), undefined);
    this.used = false;
    this.send('cognate-used', { report: undefined });
  }

  #save(): void {
    const { result } = this.#run;
    if (!result) return;
    const url = URL.createObjectURL(new Blob([result.alignment], { type: 'application/octet-stream' }));
    const link = Object.assign(document.createElement('a'), { href: url, download: 'alignment.safetensors' });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  #chooseLanguage(event: Event): void {
    this.language = (event.target as HTMLSelectElement).value;
    this.send('cognate-change', { property: 'language', value: this.language });
  }

  #chooseStyle(event: Event): void {
    this.pictureStyle = (event.target as HTMLSelectElement).value;
    this.send('cognate-change', { property: 'style', value: this.pictureStyle });
  }

  #pickFile(event: Event): void {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = '';
    if (file) void this.load(file);
  }
}

function stageSentence({ stage, total, secondsLeft }: Training, step: number | undefined): string {
  if (step === undefined) return stage;
  const left = secondsLeft === undefined ? '' : `, about ${Math.max(1, Math.round(secondsLeft))} s left`;
  return `${stage}: step ${step} of ${total}${left}`;
}

function sceneSentence(stage: string, report: AlignmentReport | undefined, drawn: boolean): string {
  if (!drawn) return 'Two spaces, not yet joined';
  if (report) return 'The two spaces in one: names and pictures that belong together are joined by lines';
  return stage ? `The two spaces while the aligner learns: ${stage}` : 'The two spaces side by side';
}
