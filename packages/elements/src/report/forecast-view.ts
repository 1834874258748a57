import type { Forecast, Tested } from '@cognate/core';
import { css, html, nothing, type TemplateResult } from 'lit';
import { position } from '../percentage.ts';
import { lampView, type Level } from './light.ts';

const levels: Readonly<Record<Forecast['outlook'], Level>> = { good: 'pass', uncertain: 'caution', poor: 'fail' };

const headings: Readonly<Record<Forecast['outlook'], string>> = {
  good: 'These look alignable',
  uncertain: 'Hard to say beforehand',
  poor: 'These hardly look alignable',
};

export const forecastStyles = css`
  .forecast {
    display: grid;
    align-content: start;
    gap: calc(1.5 * var(--_unit));
  }
  .outlook {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 2px calc(1.5 * var(--_unit));
  }
  .outlook h2 {
    font-weight: 700;
    font-size: 1.0625rem;
    line-height: 1.3;
    letter-spacing: -0.01em;
  }
  .outlook .lamp {
    grid-row: span 2;
    margin-block-start: 2px;
  }
  .dials {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr));
    gap: calc(2 * var(--_unit));
  }
  .dial {
    display: flex;
    flex-direction: column-reverse;
    justify-content: flex-end;
    min-inline-size: 0;
  }
  .dial .figure {
    display: grid;
    align-content: end;
    block-size: 72px;
  }
  @container (max-width: 36rem) {
    .dial .flat {
      block-size: auto;
    }
  }
  .dial dt {
    color: var(--_muted);
    font-size: 0.8125rem;
    line-height: 1.35;
  }
  .dial svg {
    display: block;
    block-size: 44px;
    overflow: visible;
  }
  .dial path {
    fill: none;
    stroke: var(--_line);
    stroke-width: 9;
    stroke-linecap: round;
  }
  .dial .reach {
    stroke: var(--_bridge);
  }
  .dial .null {
    stroke: var(--_ink);
    stroke-width: 2.5;
  }
  .dial b {
    display: block;
    font-size: 1.25rem;
    line-height: 1.25;
    letter-spacing: -0.02em;
    font-variant-numeric: tabular-nums;
  }
  .dial .two {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: center;
    gap: 0 var(--_unit);
  }
  .dial .two i {
    block-size: 8px;
    inline-size: var(--_long);
    min-inline-size: 8px;
    border-radius: 4px;
    background: var(--_source);
  }
  .dial .two i:last-child {
    background: var(--_target);
  }
`;

/** What the points told before anything was fitted: a small panel of dials, in words first. */
export function forecastView(
  forecast: Forecast,
  names: { readonly source: string; readonly target: string },
): TemplateResult {
  const { cka, mutualKnn, effectiveRank, hubness, gap, outlook, reason, pairs } = forecast;
  return html`
    <section class="forecast" part="forecast">
      <div class="outlook" data-outlook=${outlook}>
        ${lampView(levels[outlook])}
        <h2>${headings[outlook]}</h2>
        <p class="quiet">${reason} Told from ${pairs} pairs, before anything was fitted.</p>
      </div>
      <dl class="dials">
        ${dial('Alike in shape (CKA)', cka)} ${dial(`Neighbours in common, of\u00a0${mutualKnn.k}`, mutualKnn)}
        ${two('Directions in use', effectiveRank, names, 0)} ${two('Pull of hubs', hubness, names, 1)}
        ${gap === undefined ? nothing : single('Distance of the middles, 0\u00a0to\u00a02', gap)}
      </dl>
    </section>
  `;
}

/** A half circle from 0 to 1, with a tick where chance is. */
function dial(label: string, { value, chance, p }: Tested): TemplateResult {
  const angle = Math.PI * (1 - Math.min(1, Math.max(0, chance)));
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const at = (radius: number): string => `${(60 + radius * cos).toFixed(1)} ${(60 - radius * sin).toFixed(1)}`;
  const share = Math.min(1, Math.max(0.004, value));
  return html`
    <div class="dial">
      <dt>${label}</dt>
      <dd>
        <span class="figure">
          <svg viewBox="0 0 120 64" aria-hidden="true">
            <path d="M10 60a50 50 0 0 1 100 0" />
            <path class="reach" pathLength="1" stroke-dasharray="${share.toFixed(3)} 2" d="M10 60a50 50 0 0 1 100 0" />
            <path class="null" d="M${at(43)}L${at(58)}" />
          </svg>
          <b>${decimal(value)}</b>
        </span>
        <span class="quiet">chance ${decimal(chance)}, ${odds(p)}</span>
      </dd>
    </div>
  `;
}

function two(
  label: string,
  { source, target }: { readonly source: number; readonly target: number },
  names: { readonly source: string; readonly target: string },
  digits: number,
): TemplateResult {
  const most = Math.max(source, target, 1e-9);
  const side = (name: string, value: number): TemplateResult => html`
    <b><span class="unseen">${name} </span>${decimal(value, digits)}</b>
    <i .style=${`--_long: ${position(value / most)}`} aria-hidden="true"></i>
  `;
  return html`
    <div class="dial">
      <dt>${label}</dt>
      <dd class="figure flat"><span class="two">${side(names.source, source)} ${side(names.target, target)}</span></dd>
    </div>
  `;
}

function single(label: string, value: number): TemplateResult {
  return html`
    <div class="dial">
      <dt>${label}</dt>
      <dd class="figure flat"><b>${decimal(value)}</b></dd>
    </div>
  `;
}

/** Never a zero below zero. */
function decimal(value: number, digits = 2): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

function odds(p: number): string {
  if (p > 0.05) return 'may be chance';
  return p < 0.001 ? 'p\u00a0<\u00a00.001' : `p\u00a0${p.toFixed(3)}`;
}
