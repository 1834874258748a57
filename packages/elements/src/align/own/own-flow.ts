import type { CallOptions } from '@cognate/core';
import type { Cognate, FitResult, UnfinishedFit } from '@cognate/web-workers';
import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { ReportSamples } from '../../report/suspects-view.ts';
import { errorView, loadingView } from '../../status.ts';
import type { Sides } from '../sides.ts';
import type { Pairs, Task, TaskSettings } from '../task.ts';
import { checkView, pairsSentence, sizeSentence, troublesView } from './check-view.ts';
import type { Brought } from './reading.ts';
import { SideSamples } from './side-samples.ts';
import { encodePairs } from './encode-pairs.ts';
import { Intake } from './intake.ts';
import { OwnData, type Taken } from './own-data.ts';
import { remember, remembered } from './remembered.ts';
import { across, countOf, type OwnPairs, type Side, type Way } from './side.ts';
import { TranslatorBox, type Fitted } from './translator-box.ts';

/** What the flow needs of the element around it. */
interface Wanted {
  readonly open: () => Promise<Cognate>;
  readonly onFailure: (error: unknown) => void;
  /** Learns from the pairs that are there. */
  readonly train: () => void;
  /** Forgets what was learned. */
  readonly forget: () => void;
  /** True while it learns. */
  readonly busy: () => boolean;
  /** Lets go of what the last run failed with. */
  readonly moveOn: () => void;
}

/** The way of a visitor's own pairs: brought, looked at, learned from, translated with, mended and learned from again. */
export class OwnFlow {
  readonly data: OwnData;
  readonly #host: ReactiveControllerHost;
  readonly #wanted: Wanted;
  readonly #intake: Intake;
  readonly #box: TranslatorBox;
  /** What the latest run learns from; kept in `data` only when it comes to something. */
  #taken: Taken | undefined;
  #points: Fitted['points'] | undefined;
  /** What the last run that came to something has made. */
  #fitted: Fitted | undefined;
  #samples: { readonly left: SideSamples; readonly right: SideSamples } | undefined;

  constructor(host: ReactiveControllerHost, wanted: Wanted) {
    const { open, onFailure } = wanted;
    this.#host = host;
    this.#wanted = wanted;
    this.data = new OwnData(host, onFailure);
    this.#intake = new Intake(host, (data) => this.#look(data));
    this.#box = new TranslatorBox(host, open, onFailure);
  }

  /** What can be saved of both sides. */
  get fitted(): Fitted | undefined {
    return this.#fitted;
  }

  /** What both sides are called; absent before there is something to learn from. */
  get sides(): Sides | undefined {
    const pairs = this.#shown ?? this.data.chosen;
    if (!pairs) return undefined;
    const source = sourceOf(pairs);
    return {
      source: pairs[source].name,
      target: pairs[across[source]].name,
      warm: source === 'left' ? 'source' : 'target',
    };
  }

  /** True when the page's other elements can translate by what was learned: it joins pictures and words. */
  get forPage(): boolean {
    return sourceOf(this.#shown) === 'right';
  }

  /** Data from the page, as if the visitor had brought it. */
  bring(data: Brought): Promise<void> {
    this.startOver();
    return this.data.look(data);
  }

  /**
   * The pairs as points.
   * @param recalled what to learn from, where that is not what the visitor has brought.
   * @throws {CognateError} `invalid-input` when there are too few.
   */
  async gather(cognate: Cognate, options: CallOptions, recalled?: Taken): Promise<Pairs> {
    const all = recalled ?? (await this.data.take(options));
    const { taken, points } = await encodePairs(cognate, all, options);
    this.#taken = taken;
    this.#points = points;
    remember({ left: taken.left, right: taken.right });
    const source = sourceOf(taken);
    return { source: points[source], target: points[across[source]] };
  }

  /** @param from an alignment of fewer pairs, to go on from. */
  task(cognate: Cognate, settings: TaskSettings, from: Uint8Array<ArrayBuffer> | undefined): Task {
    const name = (): string | undefined => this.#taken && runName(this.#taken);
    return {
      ...settings,
      from,
      show: false,
      preparing: 'Reading pairs',
      forecast: true,
      /** Known when the pairs are gathered. */
      get name() {
        return name();
      },
      warm: () => this.sides?.warm ?? 'source',
      gather: (options) => this.gather(cognate, options),
      finish: (result, options) => this.finish(cognate, result, options),
    };
  }

  /** Words that were learned from before the tab was reloaded: from them, the translator is made again in no time. */
  restore(): void {
    const pairs = remembered();
    if (pairs && !this.data.pairs && !this.data.found) this.data.keep({ ...pairs, ...nothingToTell });
  }

  /** The pairs that a run before the reload was begun with, where they are kept. */
  recall({ name, pairs: count }: UnfinishedFit): Taken | undefined {
    const pairs = remembered();
    if (!pairs || countOf(pairs.left) !== count || runName(pairs) !== name) return undefined;
    const taken = { ...pairs, ...nothingToTell };
    // Whatever was brought since is not of that run; what was learned meanwhile stays until the run comes to something.
    if (!this.data.pairs) this.data.keep(taken);
    this.#taken = taken;
    return taken;
  }

  /** Opens the translator: both sides as the alignment places them. Their pairs are kept. */
  async finish(cognate: Cognate, { alignment, report }: FitResult, options: CallOptions): Promise<void> {
    const [points, taken] = [this.#points, this.#taken];
    if (!points || !taken) return;
    const [left, right] = await Promise.all([
      cognate.project(alignment, points.left, options),
      cognate.project(alignment, points.right, options),
    ]);
    options.signal?.throwIfAborted();
    this.#close();
    this.#intake.clear();
    this.data.keep(taken);
    const { forward, backward } = report.calibration ?? {};
    const calibration =
      sourceOf(taken) === 'left' ? { left: forward, right: backward } : { left: backward, right: forward };
    const samples = (side: Side): SideSamples => new SideSamples(side, () => this.#host.requestUpdate());
    this.#samples = { left: samples(taken.left), right: samples(taken.right) };
    this.#fitted = { left: taken.left, right: taken.right, points, shared: { left, right }, alignment, calibration };
    this.#box.use(this.#fitted, this.#samples);
  }

  get samples(): ReportSamples | undefined {
    const samples = this.#samples;
    if (!samples) return undefined;
    const source = sourceOf(this.#shown);
    const target = across[source];
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
    const { found } = data;
    return html`
      ${data.pairs && !busy ? this.#takenView(trained) : nothing}
      ${
        (!data.pairs || data.adding) && !busy && (!found || this.#intake.typed)
          ? html`
              ${this.#intake.view(data.adding)}
              ${reading.status === 'running' && reading.slow ? loadingView(reading.progress, () => reading.cancel(), 'Reading') : nothing}
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
              tell: (more) => data.tell(more),
              more: this.#intake.moreView(),
              again: () => {
                this.#intake.clear();
                this.#look(undefined);
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

  /** What is dragged over the element: it is taken wherever it falls. A file that nobody takes would replace the page. */
  readonly drag = (event: DragEvent): void => {
    const takes = !this.#wanted.busy() && (!this.data.pairs || this.data.adding);
    if (!takes && !event.dataTransfer?.types.includes('Files')) return;
    if (event.type !== 'dragleave') event.preventDefault();
    if (takes && event.type === 'drop') this.#intake.drop(event);
    else this.#intake.hover(takes && event.type === 'dragover');
  };

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
    const { left, right, troubles, of } = data.pairs!;
    return html`
      <section class="card" part="pairs">
        <div class="row spread">
          <p>
            <strong>${pairsSentence(data.count)}</strong> of <b class="warm">${left.name}</b> and
            <b class="cool">${right.name}</b>${
              data.dropped.size > 0 ? `, without the ${data.dropped.size} you dropped` : ''
            }.
            ${trained ? nothing : sizeSentence(data.count)}
          </p>
          <span class="row">
            <button class="chip" @click=${() => this.#setAdding(!data.adding)}>
              ${data.adding ? 'Add none' : 'Add pairs'}
            </button>
            <button class="chip" @click=${() => this.#restart()}>Start over</button>
          </span>
        </div>
        ${
          of === undefined
            ? nothing
            : html`<p class="quiet">
                ${countOf(left).toLocaleString('en')} of ${of.toLocaleString('en')}, taken evenly.
              </p>`
        }
        ${troublesView(troubles)}
      </section>
    `;
  }

  /** What is learned from now, or was last. */
  get #shown(): OwnPairs | undefined {
    return this.#wanted.busy() ? (this.#taken ?? this.#fitted) : (this.#fitted ?? this.#taken);
  }

  /** Looks at what there is now, which has nothing to do with an earlier failure. */
  #look(data: Brought | undefined): void {
    this.#wanted.moveOn();
    if (data === undefined) this.data.reading.reset();
    else void this.data.look(data);
  }

  #setAdding(adding: boolean): void {
    this.#intake.clear();
    this.#look(undefined);
    this.data.setAdding(adding);
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

const nothingToTell = { troubles: { count: 0, listed: [] }, of: undefined };

/** The side that an alignment goes from: the words, where pictures stand on the left. */
function sourceOf(pairs: Readonly<Record<Way, Pick<Side, 'kind'>>> | undefined): Way {
  return pairs?.left.kind === 'picture' && pairs.right.kind === 'text' ? 'right' : 'left';
}

function runName({ left, right }: OwnPairs): string {
  return `${left.name} and ${right.name}`;
}
