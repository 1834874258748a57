import { CognateError, isReport, methodName, type AlignmentReport } from '@cognate/core';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { CognateElement } from '../cognate-element.ts';
import '../events.ts';
import { LatestRun } from '../latest-run.ts';
import { saveFile } from '../save-file.ts';
import { errorView, loadingView, statusStyles } from '../status.ts';
import { base, tokens } from '../theme.ts';
import { reportStyles } from './cognate-report.styles.ts';
import { forecastStyles, forecastView } from './forecast-view.ts';
import { learningStyles, learningView } from './learning-view.ts';
import { lightStyles } from './light.ts';
import { chainView, matchingView, methodsStyles, methodsView } from './methods-view.ts';
import { readReport } from './read-report.ts';
import { recallStyles, recallView } from './recall-view.ts';
import { suspectsStyles, suspectsView, type ReportSamples } from './suspects-view.ts';
import { verdictStyles, verdictView } from './verdict-view.ts';

/** The visitor dropped a suspect pair, or took one back. */
export interface Dropped {
  /** All pairs dropped now, as rows of what was given to `fit()`. */
  readonly pairs: readonly number[];
}

declare global {
  interface HTMLElementTagNameMap {
    'cognate-report': CognateReport;
  }
  interface HTMLElementEventMap {
    'cognate-dropped': CustomEvent<Dropped>;
  }
}

/**
 * How far an alignment can be trusted: the verdict first, then the numbers behind it, each beside what chance gives.
 *
 * @fires cognate-dropped - `{ pairs }`: the visitor dropped a suspect pair, or took one back.
 * @fires cognate-error - `{ error }`: what the element says in a sentence.
 * @csspart verdict - Whether to use the alignment.
 * @csspart recall - How often the right answer comes up.
 * @csspart learning - What more pairs would bring.
 * @csspart forecast - What the points told before anything was fitted.
 * @csspart methods - What was tried.
 * @csspart chain - The alignments that were composed.
 * @csspart suspects - The pairs most likely mislabelled.
 * @csspart error - The sentence that says what went wrong.
 * @cssprop --cognate-good - Colour of what can be trusted.
 * @cssprop --cognate-care - Colour of what asks for care.
 * @cssprop --cognate-alarm - Colour of what fails.
 */
@customElement('cognate-report')
export class CognateReport extends CognateElement {
  static override styles = [
    tokens,
    base,
    statusStyles,
    lightStyles,
    verdictStyles,
    recallStyles,
    learningStyles,
    forecastStyles,
    methodsStyles,
    suspectsStyles,
    reportStyles,
  ];

  @property({ attribute: false }) report: AlignmentReport | undefined;

  /** Address of a report as JSON, or of an alignment file, which holds its report. */
  @property({ reflect: true }) src: string | undefined;

  /** What to call the two sides. */
  @property({ attribute: 'source-name' }) sourceName = 'source';
  @property({ attribute: 'target-name' }) targetName = 'target';

  /** Colour of the source side; the target side wears the other one. */
  @property({ reflect: true, attribute: 'source-side' }) sourceSide: 'warm' | 'cool' = 'warm';

  /** Shows the samples of suspect pairs; without it, their row numbers. */
  @property({ attribute: false }) samples: ReportSamples | undefined;

  /** Lets the visitor drop suspect pairs, for a page that fits again without them. */
  @property({ type: Boolean }) reviewing = false;

  /** Pairs that the visitor has dropped, as rows of what was given to `fit()`; none of another report. */
  @property({ attribute: false }) dropped: ReadonlySet<number> = new Set();

  @state() private copied: 'yes' | 'no' | undefined;

  readonly #reading = new LatestRun<AlignmentReport>(this, (error) => this.fail(error));

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('report') && !changed.has('dropped')) this.dropped = new Set();
    if (changed.has('src')) void this.#read();
  }

  protected override alignmentChanged(): void {
    // A report is of one alignment, whichever is in use.
  }

  protected override render(): TemplateResult {
    const report = this.report ?? this.#reading.result;
    if (report && isReport(report)) return this.#reportView(report);
    const { status, slow } = this.#reading;
    return html`
      <div class="report">
        ${status === 'failed' ? errorView(this.#reading, () => void this.#read()) : nothing}
        ${status === 'running' && slow ? loadingView(undefined, () => this.#reading.cancel()) : nothing}
        ${report ? html`<p class="quiet">This report is of an earlier version: fit anew to see one.</p>` : nothing}
        ${status === 'idle' && !report ? html`<p class="quiet">No report yet: it comes with an alignment.</p>` : nothing}
      </div>
    `;
  }

  #reportView(report: AlignmentReport): TemplateResult {
    const names = { source: this.sourceName, target: this.targetName };
    const review = this.reviewing ? { dropped: this.dropped, toggle: (pair: number) => this.#toggle(pair) } : undefined;
    return html`
      <article class="report" aria-label="How far this alignment can be trusted">
        ${verdictView(report.verdict)}
        <p class="quiet method">${methodSentence(report)}</p>
        ${recallView(report, names)}
        <div class="sides">
          ${report.learningCurve ? learningView(report.learningCurve) : nothing} ${methodsView(report)}
        </div>
        ${report.forecast ? forecastView(report.forecast, names) : nothing} ${matchingView(report)} ${chainView(report)}
        ${suspectsView(report.suspects, this.samples, review)}
        <div class="row">
          <button class="chip" @click=${() => void this.#copy(report)}>
            ${this.copied === 'yes' ? 'Copied' : 'Copy as Markdown'}
          </button>
          <button class="chip" @click=${() => saveFile('report.json', JSON.stringify(report, undefined, 2))}>
            Download as JSON
          </button>
          <slot name="actions"></slot>
        </div>
        <p class=${this.copied === 'no' ? 'quiet' : 'unseen'} role="status">
          ${this.copied ? copySentences[this.copied] : ''}
        </p>
      </article>
    `;
  }

  async #read(): Promise<void> {
    this.#reading.reset();
    const { src } = this;
    if (src === undefined) return;
    await this.#reading.start(({ signal }) => readReport(new URL(src, document.baseURI), signal!));
  }

  async #copy(report: AlignmentReport): Promise<void> {
    try {
      const cognate = await this.open();
      const names = { source: this.sourceName, target: this.targetName };
      // Browsers let a page write only right after a press: the text may come later, as a promise.
      const text = cognate
        .reportMarkdown(report, names)
        .then((markdown) => new Blob([markdown], { type: 'text/plain' }));
      await navigator.clipboard.write([new ClipboardItem({ 'text/plain': text })]);
      this.copied = 'yes';
      setTimeout(() => (this.copied = undefined), 2000);
    } catch (cause) {
      this.copied = 'no';
      this.fail(new CognateError('invalid-input', copySentences.no, { cause }));
    }
  }

  #toggle(pair: number): void {
    const dropped = new Set(this.dropped);
    if (!dropped.delete(pair)) dropped.add(pair);
    this.dropped = dropped;
    this.send('cognate-dropped', { pairs: [...dropped].sort((a, b) => a - b) });
  }
}

const copySentences = {
  yes: 'The report is in the clipboard.',
  no: 'This browser did not let the report into the clipboard.',
} as const;

function methodSentence({ method, trainPairs, heldOutPairs }: AlignmentReport): string {
  // Of few pairs each is left out in its turn, and all are learned from in the end.
  const measured =
    heldOutPairs === 0
      ? ''
      : heldOutPairs < trainPairs
        ? `, measured on ${heldOutPairs} that it had not seen`
        : ', each measured by a map that had not seen it';
  return `${methodName(method)}, learned from ${trainPairs} pairs${measured}.`;
}
