import type { AlignmentReport } from '@cognate/core';
import { css, html, nothing, type TemplateResult } from 'lit';
import { percentage } from './curves.ts';

/** Under so many times chance, an alignment tells hardly anything. */
const worthwhile = 3;

export const reportStyles = css`
  .report {
    display: grid;
    gap: calc(2 * var(--_unit));
    padding: calc(2 * var(--_unit));
    border-radius: 14px;
    background: var(--_sunken);
  }
  .report strong {
    color: var(--_ink);
  }
  .figures {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(5.5rem, 1fr));
    gap: calc(2 * var(--_unit));
  }
  .figures dd {
    font-weight: 700;
    font-size: 1.5rem;
    line-height: 1.2;
    letter-spacing: -0.02em;
    font-variant-numeric: tabular-nums;
  }
  .figures dt {
    color: var(--_muted);
    font-size: 0.8125rem;
  }
  .figures div {
    display: flex;
    flex-direction: column-reverse;
    justify-content: flex-end;
  }
`;

/** What an alignment is worth, beside what guessing is worth. */
export function reportView(report: AlignmentReport): TemplateResult {
  const { forward, backward, chance, shuffled, method, trainPairs, heldOutPairs } = report;
  if (!forward || !backward || !shuffled)
    return html`<p class="report quiet" part="report">Nothing was held out to measure it by.</p>`;
  const weak = (forward.recallAt10 + backward.recallAt10) / 2 < worthwhile * chance.recallAt10;
  return html`
    <div class="report" part="report">
      <dl class="figures">
        ${figure('phrase to picture, among ten', forward.recallAt10)}
        ${figure('picture to name, among ten', backward.recallAt10)} ${figure('guessing', chance.recallAt10)}
        ${figure('pairs shuffled', shuffled.recallAt10)}
      </dl>
      ${
        weak
          ? html`<p>Hardly better than guessing: these pairs are too few, or too unlike one another, to tell a map.</p>`
          : nothing
      }
      <p class="quiet">
        <strong>${methodName(method)}</strong> was kept${tries(report)}. Learned from ${trainPairs} pairs, measured on
        ${heldOutPairs} that it had not seen.
      </p>
    </div>
  `;
}

function figure(label: string, value: number): TemplateResult {
  return html`<div>
    <dt>${label}</dt>
    <dd>${percentage(value)}</dd>
  </div>`;
}

function tries({ tried, method }: AlignmentReport): string {
  const others = tried
    .filter((each) => each.method !== method)
    .map((each) => `${methodName(each.method).toLowerCase()} ${each.mrr.toFixed(2)}`);
  const own = tried.find((each) => each.method === method);
  if (others.length === 0 || !own) return '';
  return `: it placed right answers highest, mean reciprocal rank ${own.mrr.toFixed(2)} on validation pairs, where others reached ${others.join(', ')}`;
}

function methodName(method: string): string {
  const names: Readonly<Record<string, string>> = {
    contrastive: 'Contrastive learning',
    procrustes: 'Rotation',
    ridge: 'Ridge regression',
    csa: 'Canonical similarity',
  };
  return names[method] ?? method;
}
