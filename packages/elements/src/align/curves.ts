import { css, html, nothing, type TemplateResult } from 'lit';
import { percentage, position } from '../percentage.ts';
import type { Shown } from './training.ts';

/** One look at a training run. */
export interface Look {
  readonly step: number;
  readonly loss: number;
  /** Recall at 10 on pairs that are in no training step, 0 to 1. */
  readonly heldOut: number | undefined;
}

/** A method's score to compare with. */
export interface Reference {
  readonly name: string;
  /** Recall at 10, 0 to 1. */
  readonly value: number;
}

export const curvesStyles = css`
  .curves {
    display: grid;
    gap: calc(2 * var(--_unit));
  }
  .curves figure {
    display: grid;
    gap: 4px;
    margin: 0;
    min-inline-size: 0;
  }
  .curves figcaption {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    color: var(--_muted);
    font-size: 0.875rem;
  }
  .curves figcaption b {
    color: var(--_ink);
    font-size: 1.375rem;
    letter-spacing: -0.02em;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  .plot {
    position: relative;
    block-size: 152px;
    border-block-end: 1px solid var(--_line);
  }
  .plot svg {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    overflow: visible;
  }
  .plot path {
    fill: none;
    stroke: var(--_bridge);
    stroke-width: 3;
    stroke-linejoin: round;
    stroke-linecap: round;
    vector-effect: non-scaling-stroke;
  }
  .loss .plot path {
    stroke: var(--_edge);
    stroke-width: 2;
  }
  .tip {
    position: absolute;
    inline-size: 12px;
    block-size: 12px;
    margin: -6px;
    border-radius: 50%;
    background: var(--_bridge);
  }
  .loss .tip {
    background: var(--_edge);
  }
  .reference {
    position: absolute;
    inset-inline: 0;
    border-block-start: 1px dashed var(--_edge);
  }
  /* Below its line, as far as there is room: a curve that ends near the line it must beat ends on it or above. */
  .label {
    position: absolute;
    inset-block-start: min(var(--_at) + 6px, 100% - 16px);
    inset-inline-end: 0;
    padding-inline-start: 6px;
    background: var(--_surface);
    color: var(--_muted);
    font-size: 0.75rem;
    line-height: 16px;
  }
  @container (min-width: 36rem) {
    .curves {
      grid-template-columns: 3fr 2fr;
      gap: calc(4 * var(--_unit));
    }
  }
`;

/**
 * Held-out recall, with the scores that it must beat, and the loss; nothing before there is any of it.
 * @param busy whether there are steps to come.
 * @param chance recall at 10 of guessing, where it is known.
 */
export function curvesView(
  { looks, total: planned, references }: Pick<Shown, 'looks' | 'total' | 'references'>,
  busy: boolean,
  chance: number | undefined,
): TemplateResult | typeof nothing {
  if (looks.length === 0 && references.length === 0) return nothing;
  const total = busy ? planned : (looks.at(-1)?.step ?? planned);
  const recall = looks.flatMap(({ step, heldOut }) => (heldOut === undefined ? [] : [{ step, value: heldOut }]));
  const loss = looks.map(({ step, loss: value }) => ({ step, value }));
  const lossTop = Math.max(1e-6, ...loss.map(({ value }) => value));
  const recallTop = topOf([...recall, ...references].map(({ value }) => value));
  const now = recall.at(-1)?.value;
  const lines = [...references, ...(chance === undefined ? [] : [{ name: 'guessing', value: chance }])];
  return html`
    <div class="curves">
      <figure part="recall">
        <figcaption>
          <span>Right answer among the first ten</span>
          <b>${now === undefined ? '–' : percentage(now)}</b>
        </figcaption>
        <div class="plot" role="img" aria-label=${recallSentence(now, lines)}>
          ${lines.map(
            ({ value }) =>
              html`<div class="reference" .style=${`inset-block-start: ${position(1 - value / recallTop)}`}></div>`,
          )}
          ${labels(lines, recallTop).map(
            ({ name, value }) =>
              html`<span class="label" .style=${`--_at: ${position(1 - value / recallTop)}`}>${name}</span>`,
          )}
          ${curveView(recall, total, recallTop)}
        </div>
      </figure>
      <figure class="loss" part="loss">
        <figcaption>
          <span>Loss</span>
          <b>${loss.at(-1)?.value.toFixed(2) ?? '–'}</b>
        </figcaption>
        <div class="plot" role="img" aria-label=${`Training loss, ${loss.at(-1)?.value.toFixed(2) ?? 'not yet known'}`}>
          ${curveView(loss, total, lossTop)}
        </div>
      </figure>
    </div>
  `;
}

/** One label for each line, or for lines too close to tell apart. */
function labels(lines: readonly Reference[], top: number): Reference[] {
  const merged: Reference[] = [];
  for (const { name, value } of [...lines].sort((a, b) => a.value - b.value)) {
    const label = `${name} ${percentage(value)}`;
    const below = merged.at(-1);
    if (below && value - below.value < 0.11 * top)
      merged[merged.length - 1] = { ...below, name: `${below.name}, ${label}` };
    else merged.push({ name: label, value });
  }
  return merged;
}

interface Point {
  readonly step: number;
  readonly value: number;
}

function curveView(points: readonly Point[], total: number, top: number): TemplateResult | typeof nothing {
  const last = points.at(-1);
  if (!last) return nothing;
  const x = ({ step }: Point): number => step / total;
  const y = ({ value }: Point): number => 1 - value / top;
  const path = points.map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point).toFixed(4)} ${y(point).toFixed(4)}`).join('');
  return html`
    <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true"><path d=${path} /></svg>
    <i class="tip" .style=${`inset: ${position(y(last))} auto auto ${position(x(last))}`}></i>
  `;
}

/** The next round number above all values, at most 1. */
function topOf(values: readonly number[]): number {
  const most = Math.max(0.1, ...values) * 1.15;
  return Math.min(1, Math.ceil(most * 5) / 5);
}

function recallSentence(now: number | undefined, references: readonly Reference[]): string {
  const parts = references.map(({ name, value }) => `${name} ${percentage(value)}`);
  const start = now === undefined ? 'Held-out recall at 10' : `Held-out recall at 10 is ${percentage(now)}`;
  return parts.length > 0 ? `${start}; to compare: ${parts.join(', ')}` : start;
}
