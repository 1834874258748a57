import { methodName, type AlignmentReport, type ChainLink, type Compared, type CycleScore } from '@cognate/core';
import { css, html, nothing, type TemplateResult } from 'lit';
import { percentage, position } from '../percentage.ts';
import { wayView } from './way.ts';

export const methodsStyles = css`
  .list {
    inline-size: 100%;
    border-collapse: collapse;
    font-size: 0.875rem;
  }
  .list caption {
    padding-block-end: var(--_unit);
    text-align: start;
  }
  .list :is(th, td) {
    padding: 6px var(--_unit) 6px 0;
    border-block-start: 1px solid var(--_line);
    text-align: start;
    vertical-align: top;
    font-weight: 400;
    overflow-wrap: anywhere;
  }
  .list thead th {
    border: 0;
    color: var(--_muted);
    font-size: 0.8125rem;
    white-space: nowrap;
  }
  .list .number {
    text-align: end;
    padding-inline: var(--_unit) 0;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  @container (max-width: 20rem) {
    .list .wide {
      display: none;
    }
  }
  .list .kept th {
    font-weight: 700;
  }
  .list .length {
    display: block;
    block-size: 4px;
    margin-block-start: 4px;
    border-radius: 2px;
    background: var(--_edge);
  }
  .list .kept .length {
    background: var(--_bridge);
  }
`;

/** What was tried, and why one was kept. */
export function methodsView({ tried, method, reason }: AlignmentReport): TemplateResult | typeof nothing {
  if (tried.length === 0) return nothing;
  const most = Math.max(1e-9, ...tried.map(({ mrr }) => mrr));
  return html`
    <section part="methods">
      <table class="list">
        <caption>
          <h2>What was tried</h2>
        </caption>
        <thead>
          <tr>
            <th scope="col">Method</th>
            <th scope="col" class="number"><abbr title="mean reciprocal rank">MRR</abbr></th>
            <th scope="col" class="number">of 10</th>
            <th scope="col" class="number wide">s</th>
          </tr>
        </thead>
        <tbody>
          ${tried.map(
            (each) => html`
              <tr class=${each.method === method ? 'kept' : ''}>
                <th scope="row">
                  ${methodName(each.method)}${each.method === method ? ', kept' : ''}
                  <i class="length" .style=${`inline-size: ${position(each.mrr / most)}`} aria-hidden="true"></i>
                </th>
                <td class="number">${each.mrr.toFixed(2)}</td>
                <td class="number">${percentage(each.recallAt10)}</td>
                <td class="number wide">${each.seconds.toFixed(1)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
      <p class="quiet">${reason}</p>
    </section>
  `;
}

/** What a map that was found without pairs says of itself, next to the same where there is nothing to find. */
export function matchingView({ matching }: AlignmentReport): TemplateResult | typeof nothing {
  if (!matching) return nothing;
  const row = (name: string, { value, chance }: Compared): TemplateResult =>
    html`<tr>
      <th scope="row">${name}</th>
      <td class="number">${value.toFixed(2)}</td>
      <td class="number">${chance.toFixed(2)}</td>
    </tr>`;
  return html`
    <section part="matching">
      <table class="list">
        <caption>
          <h2>Found without pairs</h2>
        </caption>
        <thead>
          <tr>
            <th scope="col">Evidence</th>
            <th scope="col" class="number">here</th>
            <th scope="col" class="number">by chance</th>
          </tr>
        </thead>
        <tbody>
          ${row(`${matching.runs} runs agree`, matching.agreement)} ${row('Matched rows fit', matching.fit)}
          ${row('Matched rows alike in shape', matching.cka)} ${row('Matched clusters alike', matching.clusters)}
        </tbody>
      </table>
      <p class="quiet">Shapes can be alike and mean different things: only pairs can tell.</p>
    </section>
  `;
}

/** The alignments that a composed one was made of, and what the way there and back keeps. */
export function chainView({ chain, cycle }: AlignmentReport): TemplateResult | typeof nothing {
  if (!chain?.length && !cycle) return nothing;
  return html`
    <section part="chain">
      ${
        chain?.length
          ? html`<table class="list">
              <caption>
                <h2>A chain of ${chain.length}</h2>
              </caption>
              <thead>
                <tr>
                  <th scope="col">From, to</th>
                  <th scope="col">Method</th>
                  <th scope="col" class="number">of 10</th>
                </tr>
              </thead>
              <tbody>
                ${chain.map(linkRow)}
              </tbody>
            </table>`
          : nothing
      }
      ${
        cycle
          ? html`<p class="quiet" part="cycle">
              There and back again: ${backSentence(cycle.source)}, and from the other side
              ${backSentence(cycle.target)}.
            </p>`
          : nothing
      }
    </section>
  `;
}

function linkRow({ source, target, method, recallAt10 }: ChainLink): TemplateResult {
  return html`<tr>
    <th scope="row">${wayView(source.id, target.id)}</th>
    <td>${methodName(method)}</td>
    <td class="number">${recallAt10 === undefined ? '–' : percentage(recallAt10)}</td>
  </tr>`;
}

function backSentence({ recallAt1, points, cosine }: CycleScore): string {
  return `${percentage(recallAt1)} of ${points} points come back to themselves (cosine ${cosine.toFixed(2)})`;
}
