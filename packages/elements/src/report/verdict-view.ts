import type { Verdict } from '@cognate/core';
import { css, html, nothing, type TemplateResult } from 'lit';
import { lampView, type Level } from './light.ts';

const headings: Readonly<Record<Level, string>> = {
  pass: 'This translation can be trusted',
  caution: 'Use it with care',
  fail: 'Do not rely on it',
};

export const verdictStyles = css`
  .verdict {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 4px calc(1.5 * var(--_unit));
    padding: calc(2 * var(--_unit));
    border-radius: 14px;
    background: var(--_tone-soft);
  }
  .verdict h2 {
    align-self: center;
    font-size: 1.25rem;
    line-height: 1.2;
    letter-spacing: -0.02em;
  }
  .verdict .reasons {
    grid-column: 2;
    display: grid;
    gap: 4px;
  }
  .verdict li + li {
    color: var(--_muted);
    font-size: 0.9375rem;
  }
  @container (max-width: 24rem) {
    .verdict .reasons {
      grid-column: 1 / -1;
    }
  }
`;

/** Whether to use the alignment, in a heading and its reasons, the weightiest first. */
export function verdictView({ level, reasons }: Verdict): TemplateResult {
  return html`
    <div class="verdict ${level}" part="verdict" data-level=${level}>
      ${lampView(level)}
      <h2>${headings[level]}</h2>
      ${
        reasons.length > 0
          ? html`<ul class="reasons">
              ${reasons.map((reason) => html`<li>${reason}</li>`)}
            </ul>`
          : nothing
      }
    </div>
  `;
}
