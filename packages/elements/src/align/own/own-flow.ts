import type { CallOptions } from '@cognate/core';
import type { Cognate, FitResult, UnfinishedFit } from '@cognate/web-workers';
import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { ReportSamples } from '../../report/suspects-view.ts';
import { errorView, loadingView } from '../../status.ts';
import type { Pairs, Task, TaskSettings } from '../training.ts';
import { checkView, sizeSentence, troublesView } from './check-view.ts';
import type { Brought } from './reading.ts';
import { SideSamples } from './side-samples.ts';
import { encodeSide, inTwoSpaces } from './encode-side.ts';
import { Intake } from './intake.ts';
import { OwnData } from './own-data.ts';
import { remember, remembered } from './remembered.ts';
import { countOf, type OwnPairs, type Side } from './side.ts';
import { TranslatorBox, type Fitted } from './translator-box.ts';

type Way = 'left' | 'right';

/** What the flow needs of the element around it. */
interface Wanted {
  readonly open: () => Promise<Cognate>;
  readonly onFailure: (error: unknown) => void;
  /** Learns from the pairs that are there. */
  readonly train: () => void;
  /** Forgets what was learned. */
  readonly forget: () => void;
}

/** The way of a visitor's own pairs: brought, looked at, learned from, translated with, mended and learned from again. */
export class OwnFlow {
  readonly data: OwnData;
  readonly #host: ReactiveControllerHost;
  readonly #wanted: Wanted;
  readonly #intake: Intake;
  readonly #box: TranslatorBox;
  /** What was learned from last. */
  #taken: OwnPairs | undefined;
  #points: Fitted['points'] | undefined;
  #samples: { readonly left: SideSamples; readonly right: SideSamples } | undefined;
  #fitted: Fitted | undefined;

  constructor(host: ReactiveControllerHost, wanted: Wanted) {
    const { open, onFailure } = wanted;
    this.#host = host;
    this.#wanted = wanted;
    this.data = new OwnData(host, onFailure);
    this.#intake = new Intake(host, (data) => void this.data.look(data));
    this.#box = new TranslatorBox(host, open, onFailure);
  }

  /** What can be saved of both sides. */
  get fitted(): Fitted | undefined {
    return this.#fitted;
  }

  /** What a run on these pairs is called, should it be cut short. */
  get runName(): string | undefined {
    return this.#taken && runName(this.#taken);
  }

  /** Names of the sides, warm side first; absent before there are pairs. */
  get names(): { readonly left: string; readonly right: string } | undefined {
    const { left, right } = this.#taken ?? {};
    if (left && right) return { left: left.name, right: right.name };
    return undefined;
  }

  /** Which side is the alignment's source: the words, where pictures stand on the left. */
  get source(): Way {
    const { left, right } = this.#taken ?? {};
    return left?.kind === 'picture' && right?.kind === 'text' ? 'right' : 'left';
  }

  /** True when the page's other elements can translate by what was learned: it joins pictures and words. */
  get forPage(): boolean {
    return this.source === 'right';
  }

  /** Data from the page, as if the visitor had brought it. */
  bring(data: Brought): Promise<void> {
    this.startOver();
    return this.data.look(data);
  }

  addFiles(files: readonly File[]): void {
    this.#intake.addFiles(files);
  }

  /** The pairs as points. What the visitor sees of them is kept for later. */
  async gather(cognate: Cognate, options: CallOptions): Promise<Pairs> {
    this.#close();
    this.#taken = await this.data.take(options);
    const samples = (side: Side): SideSamples => new SideSamples(side, () => this.#host.requestUpdate());
    this.#samples = { left: samples(this.#taken.left), right: samples(this.#taken.right) };
    this.#intake.clear();
    remember(this.#taken);
    const left = await encodeSide(cognate, this.#taken.left, options);
    const right = await encodeSide(cognate, this.#taken.right, options);
    this.#points = inTwoSpaces(left, right);
    const source = this.source;
    return { source: this.#points[source], target: this.#points[source === 'left' ? 'right' : 'left'] };
  }

  /** @param from an alignment of fewer pairs, to go on from. */
  task(cognate: Cognate, settings: TaskSettings, from: Uint8Array<ArrayBuffer> | undefined): Task {
    const runName = (): string | undefined => this.runName;
    return {
      ...settings,
      from,
      show: false,
      preparing: 'Reading pairs',
      forecast: true,
      /** Known when the pairs are gathered. */
      get name() {
        return runName();
      },
      warm: () => (this.source === 'left' ? 'source' : 'target'),
      gather: (options) => this.gather(cognate, options),
    };
  }

  /** Takes up the pairs that a run before the reload was begun with, where they are kept. */
  recall({ name, pairs: count }: UnfinishedFit): boolean {
    const pairs = remembered();
    if (!pairs || countOf(pairs.left) !== count || runName(pairs) !== name) return false;
    this.data.pairs = pairs;
    return true;
  }

  /** Opens the translator: both sides as the alignment places them. */
  async finish(cognate: Cognate, { alignment, report }: FitResult, options: CallOptions): Promise<void> {
    const [points, pairs] = [this.#points, this.#taken];
    if (!points || !pairs) return;
    const [left, right] = await Promise.all([
      cognate.project(alignment, points.left, options),
      cognate.project(alignment, points.right, options),
    ]);
    const { forward, backward } = report.calibration ?? {};
    const calibration =
      this.source === 'left' ? { left: forward, right: backward } : { left: backward, right: forward };
    this.#fitted = { ...pairs, points, shared: { left, right }, alignment, calibration };
    this.#box.use(this.#fitted, this.#samples);
  }

  get samples(): ReportSamples | undefined {
    const samples = this.#samples;
    if (!samples) return undefined;
    const source = this.source;
    const target = source === 'left' ? 'right' : 'left';
    return { source: (row) => samples[source].at(row), target: (row) => samples[target].at(row) };
  }

  startOver(): void {
    this.#close();
    this.#taken = undefined;
    this.#points = undefined;
    this.#intake.clear();
    this.data.clear();
    remember(undefined);
  }

  /** What to learn from: brought, looked at, and the button. */
  view(busy: boolean, trained: boolean): TemplateResult {
    const { data } = this;
    const { reading } = data;
    const looking = reading.status === 'running';
    const found = reading.result;
    return html`
      ${data.pairs && !busy ? this.#takenView(trained) : nothing}
      ${
        (!data.pairs || data.adding) && !busy && !found
          ? html`
              ${this.#intake.view(looking, data.adding)}
              ${looking && reading.slow ? loadingView(reading.progress, () => reading.cancel(), 'Reading') : nothing}
              ${reading.status === 'failed' ? errorView(reading, () => void reading.retry()) : nothing}
            `
          : nothing
      }
      ${
        found && !busy
          ? checkView({
              reading: found,
              left: data.left,
              right: data.right,
              disabled: busy,
              choose: (side, column) => data.choose(side, column),
              setHeader: (header) => data.setHeader(header),
              again: () => {
                this.#intake.clear();
                reading.reset();
              },
            })
          : nothing
      }
      ${
        (data.changed || (data.pairs && !trained)) && !busy
          ? html`<button class="primary train" part="train" @click=${this.#wanted.train}>
              ${trained ? 'Learn again with these' : 'Make a translator'}
            </button>`
          : nothing
      }
    `;
  }

  /** Beside the suspects: the way on from dropping some. */
  againView(): TemplateResult | typeof nothing {
    const { size } = this.data.dropped;
    if (size === 0) return nothing;
    return html`<button slot="actions" class="primary" @click=${this.#wanted.train}>
      Learn again without ${size === 1 ? 'it' : `these ${size}`}
    </button>`;
  }

  translatorView(): TemplateResult | typeof nothing {
    return this.#box.view();
  }

  /** One line about what was learned from. */
  #takenView(trained: boolean): TemplateResult {
    const { data } = this;
    const { left, right } = data.pairs!;
    return html`
      <section class="card" part="pairs">
        <div class="row spread">
          <p>
            <strong>${data.count.toLocaleString('en')} pairs</strong> of <b class="warm">${left.name}</b> and
            <b class="cool">${right.name}</b>${
              data.dropped.size > 0 ? `, without the ${data.dropped.size} you dropped` : ''
            }.
            ${trained ? nothing : sizeSentence(data.count)}
          </p>
          <span class="row">
            ${
              data.adding
                ? html`<button class="chip" @click=${() => data.setAdding(false)}>Add none</button>`
                : html`<button class="chip" @click=${() => data.setAdding(true)}>Add pairs</button>`
            }
            <button class="chip" @click=${() => this.#restart()}>Start over</button>
          </span>
        </div>
        ${
          data.of === undefined
            ? nothing
            : html`<p class="quiet">
                ${countOf(left).toLocaleString('en')} of ${data.of.toLocaleString('en')}, taken evenly.
              </p>`
        }
        ${troublesView(data.troubles)}
      </section>
    `;
  }

  #restart(): void {
    this.startOver();
    this.#wanted.forget();
  }

  #close(): void {
    this.#samples?.left.clear();
    this.#samples?.right.clear();
    this.#samples = undefined;
    this.#fitted = undefined;
    this.#box.use(undefined);
  }
}

function runName({ left, right }: OwnPairs): string {
  return `${left.name} and ${right.name}`;
}
