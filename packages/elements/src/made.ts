import type { Caption, Painting } from '@cognate/web-workers';
import { css, html, nothing, type TemplateResult } from 'lit';
import type { LatestRun } from './latest-run.ts';
import { barView } from './score.ts';
import { errorSentence, errorView, loadingView } from './status.ts';

/** What was made: written or painted. */
type Made = Caption | Painting;

/** Below this trust, or where none is known below this cosine, what was made is shown as a guess. */
const trusted = { trust: 0.15, score: 0.35 };

/** Two columns where there is room: what was made, and beside it the nearest things that exist. */
export const madeStyles = css`
  .sides {
    display: grid;
    gap: calc(3 * var(--_unit));
  }
  .side {
    display: grid;
    align-content: start;
    gap: calc(1.5 * var(--_unit));
    min-inline-size: 0;
  }
  .side-title {
    color: var(--_muted);
    font-size: 0.8125rem;
  }
  .written {
    min-block-size: 1.25em;
    color: var(--_cool-ink);
    font-weight: 700;
    font-size: 1.75rem;
    line-height: 1.25;
    letter-spacing: -0.015em;
    overflow-wrap: anywhere;
  }
  .forming::after {
    content: '';
    display: inline-block;
    inline-size: 2px;
    block-size: 0.9em;
    margin-inline-start: 3px;
    vertical-align: -0.08em;
    background: var(--_bridge);
    animation: blink 1s steps(2, jump-none) infinite;
  }
  @keyframes blink {
    to {
      opacity: 0;
    }
  }
  .worth {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    gap: calc(1.5 * var(--_unit));
  }
  .note {
    padding: 12px 16px;
    border-radius: 12px;
    background: var(--_sunken);
    color: var(--_muted);
    font-size: 0.875rem;
    overflow-wrap: anywhere;
  }
  .note summary {
    inline-size: fit-content;
    cursor: pointer;
  }
  .note .chip {
    margin-block-start: var(--_unit);
  }
  .again details {
    color: var(--_muted);
    font-size: 0.875rem;
  }
  .again summary {
    display: inline-flex;
    align-items: center;
    min-block-size: 32px;
    padding-inline: 8px;
    border-radius: 8px;
    cursor: pointer;
    list-style: none;
  }
  .again summary::-webkit-details-marker {
    display: none;
  }
  .again [open] summary {
    display: none;
  }
  .again label {
    display: inline-flex;
    align-items: center;
    gap: var(--_unit);
  }
  .again input {
    inline-size: 7em;
    min-block-size: 32px;
    padding: 0 10px;
    border: 1px solid var(--_edge);
    border-radius: 8px;
    background: var(--_surface);
    color: var(--_ink);
  }
  @container (min-width: 50rem) {
    .sides {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      gap: calc(4 * var(--_unit));
    }
  }
`;

/** What a column needs to know of its `Answers`. */
interface Answering {
  readonly run: LatestRun<unknown>;
  cancel(): void;
  retry(): Promise<void>;
}

/** One of the two columns. */
interface Side {
  readonly title: string;
  readonly answers: Answering;
  /** What it says while it works. */
  readonly doing: string;
  readonly content: unknown;
}

/** What was made beside what was found. Each says by itself how far it has come, and what went wrong. */
export function sidesView(made: Side, found: Side): TemplateResult {
  const failed = found.answers.run.status === 'failed';
  return html`
    <div class="sides">
      ${failed && made.answers.run.status === 'failed' ? nothing : sideView('made', made, noteView(made.answers))}
      ${sideView('found', found, failed ? errorView(found.answers.run, () => void found.answers.retry()) : nothing)}
    </div>
  `;
}

function sideView(part: 'made' | 'found', { title, answers, doing, content }: Side, failure: unknown): TemplateResult {
  const { run } = answers;
  return html`
    <div class="side" part=${part} role="group" aria-label=${title}>
      <p class="side-title" aria-hidden="true">${title}</p>
      ${run.status === 'failed' ? failure : content}
      ${run.status === 'running' && run.slow ? loadingView(run.progress, () => answers.cancel(), doing) : nothing}
    </div>
  `;
}

/** Where nothing can be made there is still what was found: a note, not an alarm. Nothing where all is well. */
export function noteView(answers: Answering): TemplateResult | typeof nothing {
  if (answers.run.status !== 'failed') return nothing;
  return html`
    <div class="note" part="note">
      <p>Nothing could be made this time, only found.</p>
      <details>
        <summary>Why?</summary>
        <p>${errorSentence(answers.run.error)}</p>
      </details>
      <button class="chip" part="retry-made" @click=${() => void answers.retry()}>Try again</button>
    </div>
  `;
}

/** True when what was made, encoded again, lands far from the point it was made from. */
export function isDoubtful({ trust, score }: Made): boolean {
  return trust === undefined ? score < trusted.score : trust < trusted.trust;
}

/** `trust 72 %`, or how near it lands where trust is not known. */
export function worth({ trust, score }: Made): string {
  return trust === undefined ? `${percent(score)} match` : `trust ${percent(trust)}`;
}

/** How far to trust what was made, judged by where it lands when it is encoded again. */
export function worthView(made: Made): TemplateResult {
  return html`
    <div class="worth ${isDoubtful(made) ? 'guess' : ''}">
      ${barView(share(made))}
      <span class="trust" part="trust" title="Encoded again, it lands this near the point it was made from"
        >${worth(made)}</span
      >
    </div>
  `;
}

/** Another one, of the next seed; and the seed, for those who want to see the same again. */
export function againView(view: {
  readonly seed: number;
  readonly disabled: boolean;
  readonly onSeed: (seed: number) => void;
  readonly more?: unknown;
}): TemplateResult {
  const choose = ({ target }: Event): void => {
    const seed = (target as HTMLInputElement).valueAsNumber;
    if (Number.isSafeInteger(seed) && seed >= 0) view.onSeed(seed);
  };
  return html`
    <div class="row again">
      <button class="chip" part="again" ?disabled=${view.disabled} @click=${() => view.onSeed(view.seed + 1)}>
        Again
      </button>
      ${view.more}
      <details part="seed">
        <summary>Seed ${view.seed}</summary>
        <label>Seed <input type="number" min="0" step="1" .value=${String(view.seed)} @change=${choose} /></label>
      </details>
    </div>
  `;
}

function share({ trust, score }: Made): number {
  return Math.min(1, Math.max(0, trust ?? score));
}

function percent(value: number): string {
  return `${Math.round(100 * Math.max(0, value))} %`;
}
