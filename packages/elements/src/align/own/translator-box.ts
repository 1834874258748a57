import {
  embeddings,
  rows,
  searchIndex,
  type Calibration,
  type CallOptions,
  type Candidate,
  type Embeddings,
  type SearchIndex,
} from '@cognate/core';
import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { LatestRun } from '../../latest-run.ts';
import { sampleView, type Sample } from '../../report/suspects-view.ts';
import { wayView } from '../../report/way.ts';
import { isGuess, scoreView, trustView } from '../../score.ts';
import { errorView, loadingView } from '../../status.ts';
import { Typing } from '../../typing.ts';
import type { Cognate } from '@cognate/web-workers';
import { encodeSide } from './encode-side.ts';
import { anchorsOf, nearest } from './nearest.ts';
import type { SideSamples } from './side-samples.ts';
import { across, labelOf, type Side, type Way } from './side.ts';

/** Answers on show. */
const shown = 5;
/** Rows of the visitor's own to ask with at one press. */
const offered = 4;

/** A fitted alignment with the visitor's own rows on both sides. */
export interface Fitted {
  readonly left: Side;
  readonly right: Side;
  /** Points of the sides in the spaces that the alignment joins. */
  readonly points: { readonly left: Embeddings; readonly right: Embeddings };
  /** Both in the shared space. */
  readonly shared: { readonly left: Embeddings; readonly right: Embeddings };
  readonly alignment: Uint8Array<ArrayBuffer>;
  readonly calibration: { readonly left: Calibration | undefined; readonly right: Calibration | undefined };
}

/** What answers are found among. */
interface Bank {
  readonly index: SearchIndex;
  /** Rows of the side that the index's rows stand for. */
  readonly rows: readonly number[];
}

interface Asked {
  /** What was asked with, where the field does not show it. */
  readonly query: Sample | undefined;
  readonly answers: readonly Candidate<number>[];
  /** True when this very thing was among the pairs. */
  readonly known: boolean;
}

/** The visitor's own translator: ask with something of one side, get what is nearest on the other. */
export class TranslatorBox {
  readonly #host: ReactiveControllerHost;
  readonly #run: LatestRun<Asked>;
  readonly #typing: Typing;
  readonly #open: () => Promise<Cognate>;
  #fitted: Fitted | undefined;
  #samples: { readonly left: SideSamples; readonly right: SideSamples } | undefined;
  #from: Way = 'left';
  #banks = new Map<Way, Promise<Bank>>();
  #words = '';

  constructor(host: ReactiveControllerHost, open: () => Promise<Cognate>, onFailure: (error: unknown) => void) {
    this.#host = host;
    this.#open = open;
    this.#run = new LatestRun<Asked>(host, onFailure);
    this.#typing = new Typing(host);
  }

  /** From now on answers with this alignment; undefined closes the box. */
  use(fitted: Fitted | undefined, samples?: { readonly left: SideSamples; readonly right: SideSamples }): void {
    this.#fitted = fitted;
    this.#samples = samples;
    for (const bank of this.#banks.values()) void bank.then(({ index }) => index[Symbol.dispose]()).catch(() => {});
    this.#banks = new Map();
    this.#clear();
  }

  view(): TemplateResult | typeof nothing {
    const fitted = this.#fitted;
    if (!fitted) return nothing;
    const { left, right } = fitted;
    const way = (from: Way): TemplateResult => html`
      <button class="chip" aria-pressed=${this.#from === from} @click=${() => this.#turn(from)}>
        ${from === 'left' ? wayView(left.name, right.name) : wayView(right.name, left.name)}
      </button>
    `;
    const run = this.#run;
    return html`
      <section class="translator" part="translator" data-from=${this.#from}>
        <div class="row spread">
          <h2>Your translator</h2>
          <div class="switch" role="group" aria-label="Direction">${way('left')} ${way('right')}</div>
        </div>
        ${this.#askView(fitted[this.#from])}
        ${run.status === 'running' && run.slow ? loadingView(run.progress, () => run.cancel()) : nothing}
        ${run.status === 'failed' ? errorView(run, () => void run.retry()) : nothing}
        ${run.result ? this.#answersView(run.result) : nothing}
        <p class="unseen" role="status">${run.status === 'done' && run.result ? this.#said(run.result) : ''}</p>
      </section>
    `;
  }

  #askView(side: Side): TemplateResult {
    const chips = Array.from({ length: offered }, (_, i) =>
      Math.floor(((i + 0.5) * countRows(this.#fitted!, this.#from)) / offered),
    );
    const chipsView = html`
      <div class="row" role="group" aria-label="Rows of your own to try">
        ${[...new Set(chips)].map(
          (row) =>
            html`<button class="chip" dir="auto" @click=${() => void this.#askRow(row)}>
              ${
                side.kind === 'picture'
                  ? sampleView(this.#samples?.[this.#from].at(row), labelOf(side, row))
                  : short(labelOf(side, row))
              }
            </button>`,
        )}
      </div>
    `;
    switch (side.kind) {
      case 'text':
        return html`
          <input
            class="ask"
            type="text"
            dir="auto"
            autocomplete="off"
            spellcheck="false"
            aria-label="Something in ${side.name}"
            placeholder="Type something in “${side.name}”, best something new"
            .value=${live(this.#words)}
            @input=${this.#type}
          />
          ${chipsView}
        `;
      case 'picture':
        return html`
          <div class="row">
            <label class="pick">
              <span class="button">Choose a picture</span>
              <span class="unseen"><input type="file" accept="image/*" @change=${this.#pick} /></span>
            </label>
            <span class="quiet">or take one of yours:</span>
          </div>
          ${chipsView}
        `;
      case 'vector':
        return html`
          <label class="choice">
            Row
            <input
              class="field"
              type="number"
              min="1"
              max=${side.points.count}
              @change=${({ target }: { readonly target: HTMLInputElement }) => {
                if (target.reportValidity()) void this.#askRow(target.valueAsNumber - 1);
              }}
            />
            of ${side.points.count}
          </label>
          ${chipsView}
        `;
    }
  }

  #answersView({ query, answers, known }: Asked): TemplateResult {
    const to = across[this.#from];
    const guess = isGuess(answers);
    return html`
      ${query === undefined ? nothing : html`<div class="row query">${sampleView(query, '')}<span class="quiet">goes to</span></div>`}
      <ol class=${guess ? 'guess' : ''} part="answers">
        ${answers.map(
          (each) => html`
            <li part="result">
              ${sampleView(this.#samples?.[to].at(each.item), `row ${each.item + 1}`)} ${scoreView(each)}
              ${trustView(each)}
            </li>
          `,
        )}
      </ol>
      <p class="quiet">
        ${guess ? 'Hardly more than guesses. ' : ''}Answers are found among the ${this.#fitted?.[to].name} that you
        brought.
      </p>
      ${known ? html`<p class="quiet">It has learned from this very pair; something new is the real test.</p>` : nothing}
    `;
  }

  /** The answers, for those who do not see them. */
  #said({ answers }: Asked): string {
    const side = this.#fitted![across[this.#from]];
    return answers.map(({ item }) => labelOf(side, item)).join(', ');
  }

  readonly #type = (event: Event): void => {
    this.#words = (event.target as HTMLInputElement).value;
    const words = this.#words.trim();
    this.#typing.stop();
    if (!words) return this.#run.reset();
    this.#typing.wait(() => void this.#askText(words));
  };

  readonly #pick = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = '';
    if (!file) return;
    void this.#ask(
      async (fitted, options) => {
        const pictures = [{ name: file.name, blob: async () => file }];
        const { points } = await encodeSide(await this.#open(), { kind: 'picture', name: '', pictures }, options);
        return this.#projected(fitted, points.data, options);
      },
      { known: false, query: { url: URL.createObjectURL(file), name: file.name } },
    );
  };

  #turn(from: Way): void {
    this.#from = from;
    this.#clear();
  }

  /** Nothing is asked, and nothing will be that was typed before. */
  #clear(): void {
    this.#typing.stop();
    this.#words = '';
    this.#run.reset();
  }

  async #askText(words: string): Promise<void> {
    const side = this.#fitted?.[this.#from];
    if (side?.kind !== 'text') return;
    await this.#ask(
      async (fitted, options) => {
        const { points } = await encodeSide(await this.#open(), { kind: 'text', name: '', texts: [words] }, options);
        return this.#projected(fitted, points.data, options);
      },
      { known: side.texts.includes(words), query: undefined },
    );
  }

  async #askRow(row: number): Promise<void> {
    const side = this.#fitted?.[this.#from];
    if (!side || !(row >= 0 && row < countRows(this.#fitted!, this.#from))) return;
    if (side.kind === 'text') this.#words = side.texts[row]!;
    const query = side.kind === 'text' ? undefined : this.#samples?.[this.#from].at(row);
    await this.#ask(async (fitted) => rows(fitted.shared[this.#from], [row]), { known: true, query });
  }

  async #ask(
    find: (fitted: Fitted, options: CallOptions) => Promise<Embeddings>,
    asked: Omit<Asked, 'answers'>,
  ): Promise<void> {
    const fitted = this.#fitted;
    if (!fitted) return;
    const from = this.#from;
    this.#typing.stop();
    await this.#run.start(async (options) => {
      const query = await find(fitted, options);
      const bank = await this.#bank(fitted, from);
      const found = await nearest(bank.index, query, shown, fitted.calibration[from]);
      return { answers: found.map((each) => ({ ...each, item: bank.rows[each.index]! })), ...asked };
    });
    this.#host.requestUpdate();
  }

  async #projected(fitted: Fitted, data: Float32Array<ArrayBuffer>, options: CallOptions): Promise<Embeddings> {
    const { space } = fitted.points[this.#from];
    return (await this.#open()).project(fitted.alignment, embeddings(space, data), options);
  }

  /** What is asked for, once for each thing that occurs several times. */
  #bank(fitted: Fitted, from: Way): Promise<Bank> {
    const known = this.#banks.get(from);
    if (known) return known;
    const to = across[from];
    const side = fitted[to];
    const first = new Map<string | number, number>();
    for (let row = 0; row < fitted.shared[to].count; row++) {
      const key = side.kind === 'text' ? side.texts[row]! : row;
      if (!first.has(key)) first.set(key, row);
    }
    const kept = [...first.values()];
    const anchors = anchorsOf(fitted.shared[from]);
    const made = searchIndex(rows(fitted.shared[to], kept), { anchors }).then((index) => ({ index, rows: kept }));
    this.#banks.set(from, made);
    return made;
  }
}

function countRows(fitted: Fitted, way: Way): number {
  return fitted.shared[way].count;
}

function short(label: string): string {
  return label.length > 24 ? `${label.slice(0, 23)}…` : label;
}
