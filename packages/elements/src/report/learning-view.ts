import { methodName, type LearningCurve } from '@cognate/core';
import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { percentage, position } from '../percentage.ts';

const plotHeight = 160;
const labelHeight = 16;

export const learningStyles = css`
  .learning {
    display: grid;
    gap: var(--_unit);
    margin: 0;
    align-content: start;
  }
  .learning .grid {
    position: relative;
    block-size: ${plotHeight}px;
    margin-block: 18px 22px;
    margin-inline: 0 4px;
    border-block-end: 1px solid var(--_edge);
  }
  .learning svg {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    overflow: visible;
  }
  .learning :is(.line, .ahead, .band) {
    fill: none;
    stroke: var(--_bridge);
    stroke-width: 3;
    stroke-linejoin: round;
    stroke-linecap: round;
    vector-effect: non-scaling-stroke;
  }
  .learning .band {
    fill: var(--_bridge);
    stroke: none;
    opacity: 0.18;
  }
  .learning .ahead {
    stroke-dasharray: 1 7;
  }
  .learning .wide {
    stroke: var(--_edge);
    stroke-width: 1.5;
  }
  .learning .grid span {
    position: absolute;
    color: var(--_muted);
    font-size: 0.75rem;
    line-height: ${labelHeight}px;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .learning .pairs {
    inset-block-end: -20px;
    translate: -50% 0;
  }
  .learning .pairs.start {
    translate: 0 0;
  }
  .learning .pairs.end {
    translate: -100% 0;
  }
  .learning .end-value {
    padding-inline: 4px;
    border-radius: 4px;
    background: color-mix(in srgb, var(--_surface) 80%, transparent);
    translate: -100% -130%;
  }
  .learning .end-value.below {
    translate: -100% 30%;
  }
`;

/** Recall over the number of pairs, and what more of them would bring. */
export function learningView(curve: LearningCurve): TemplateResult | typeof nothing {
  const { points, more, method } = curve;
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 2) return nothing;
  const end = more ? last.pairs + more.pairs : last.pairs;
  const [from, to] = [Math.log(first.pairs), Math.log(end)];
  const x = (pairs: number): number => (Math.log(pairs) - from) / (to - from);
  const top = Math.min(1, Math.max(0.1, ...points.map(({ recallAt10 }) => recallAt10)) * 1.15);
  const y = (value: number): number => 1 - Math.min(top, Math.max(0, value)) / top;
  const path = (values: readonly (readonly [pairs: number, value: number])[]): string =>
    values.map(([pairs, value], i) => `${i === 0 ? 'M' : 'L'}${x(pairs).toFixed(4)} ${y(value).toFixed(4)}`).join('');
  const ones = points.map(({ pairs, recallAt1 }) => [pairs, recallAt1] as const);
  const above = points.map(({ pairs, recallAt1, sd }) => [pairs, recallAt1 + sd] as const);
  const below = points.map(({ pairs, recallAt1, sd }) => [pairs, recallAt1 - sd] as const).reverse();
  // Two labels above lines that end so near to one another would lie on each other.
  const near = (y(last.recallAt1) - y(last.recallAt10)) * plotHeight < labelHeight;
  const ahead = more && [ones.at(-1)!, [end, last.recallAt1 + more.gain] as const];
  return html`
    <figure class="learning" part="learning">
      <figcaption>
        <h2>What more pairs would bring</h2>
        <p>${moreSentence(curve)}</p>
      </figcaption>
      <div class="grid" aria-hidden="true">
        <svg viewBox="0 0 1 1" preserveAspectRatio="none">
          <path class="band" d="${path(above)}${path(below).replace('M', 'L')}Z" />
          <path class="line wide" d=${path(points.map(({ pairs, recallAt10 }) => [pairs, recallAt10] as const))} />
          <path class="line" d=${path(ones)} />
          ${ahead ? svg`<path class="ahead" d=${path(ahead)} />` : nothing}
        </svg>
        ${points.map(
          ({ pairs }, i) =>
            html`<span
              class="pairs ${i === 0 ? 'start' : x(pairs) > 0.94 ? 'end' : ''}"
              .style=${`inset-inline-start: ${position(x(pairs))}`}
              >${i === 0 || i === points.length - 1 || x(pairs) > 0.15 ? pairs : ''}</span
            >`,
        )}
        <span
          class="end-value ${near ? 'below' : ''}"
          .style=${`inset: ${position(y(last.recallAt1))} auto auto ${position(x(last.pairs))}`}
          >first ${percentage(last.recallAt1)}</span
        >
        <span class="end-value" .style=${`inset: ${position(y(last.recallAt10))} auto auto ${position(x(last.pairs))}`}
          >of 10 ${percentage(last.recallAt10)}</span
        >
      </div>
      <div class="unseen">
        <table>
          <caption>
            Recall over the number of pairs
          </caption>
          <tr>
            <th scope="col">Pairs</th>
            <th scope="col">Right answer first</th>
            <th scope="col">Among ten</th>
          </tr>
          ${points.map(
            ({ pairs, recallAt1, recallAt10, sd }) =>
              html`<tr>
                <th scope="row">${pairs}</th>
                <td>${percentage(recallAt1)}, give or take ${percentage(sd)}</td>
                <td>${percentage(recallAt10)}</td>
              </tr>`,
          )}
        </table>
      </div>
      <p class="quiet">Over the number of pairs, drawn with ${methodName(method).toLowerCase()}.</p>
    </figure>
  `;
}

/** "50 more pairs are worth about +3 points." */
export function moreSentence({ more }: LearningCurve): string {
  if (!more) return 'The curve is too short to tell what more pairs would bring.';
  const points = 100 * more.gain;
  if (points < 0.5) return `${more.pairs} more pairs would hardly change anything.`;
  const shown = points < 3 ? points.toFixed(1) : Math.round(points);
  return `${more.pairs} more pairs are worth about +${shown} points.`;
}
