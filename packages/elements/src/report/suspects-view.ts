import type { Suspect } from '@cognate/core';
import { css, html, nothing, type TemplateResult } from 'lit';

/** A sample for people to see: a text, or a picture with a name. */
export type Sample = string | { readonly url: string; readonly name: string };

/** What the rows given to `fit()` stand for; undefined where it is not known. */
export interface ReportSamples {
  readonly source: (row: number) => Sample | undefined;
  readonly target: (row: number) => Sample | undefined;
}

export const suspectsStyles = css`
  .suspects {
    display: grid;
    gap: var(--_unit);
  }
  .suspects .scroll {
    max-block-size: 26rem;
    overflow: auto;
  }
  .suspects img {
    display: block;
    inline-size: 36px;
    block-size: 36px;
    padding: 2px;
    border-radius: 8px;
    background: var(--_print);
    object-fit: contain;
  }
  .suspects tr.dropped :is(th, td) > :not(button) {
    opacity: 0.45;
    text-decoration: line-through;
  }
  .suspects td:last-child {
    padding-inline-end: 0;
    text-align: end;
  }
  .suspects :is(th, td) {
    vertical-align: middle;
  }
  .suspects th[scope='row'] {
    white-space: nowrap;
  }
  @container (max-width: 30rem) {
    .suspects .far {
      display: none;
    }
  }
`;

/**
 * The pairs most likely mislabelled.
 * @param review where the visitor may drop them: the pairs dropped so far, and what to do when one is toggled.
 */
export function suspectsView(
  suspects: readonly Suspect[],
  samples: ReportSamples | undefined,
  review: { readonly dropped: ReadonlySet<number>; readonly toggle: (pair: number) => void } | undefined,
): TemplateResult | typeof nothing {
  if (suspects.length === 0) return nothing;
  return html`
    <section class="suspects" part="suspects">
      <h2>${suspects.length === 1 ? 'A pair' : 'Pairs'} to look at again</h2>
      <p class="quiet">
        When learned from the others, the two sides of ${suspects.length === 1 ? 'this pair' : 'these pairs'} point
        elsewhere. Often that is a slip in the data; sometimes it is only a rare thing.
      </p>
      <div class="scroll" tabindex="0" role="region" aria-label="Pairs to look at again">
        <table class="list">
          <thead>
            <tr>
              <th scope="col">Pair</th>
              ${samples ? html`<th scope="col">These two</th>` : nothing}
              <th scope="col" class=${samples ? 'far' : ''}>Points at</th>
              <th scope="col" class="number wide">Rank</th>
              ${review ? html`<th scope="col"><span class="unseen">Keep or drop</span></th>` : nothing}
            </tr>
          </thead>
          <tbody>
            ${suspects.map((suspect) => row(suspect, samples, review))}
          </tbody>
        </table>
      </div>
    </section>
  `;
}

function row(
  { pair, rank, nearest }: Suspect,
  samples: ReportSamples | undefined,
  review: Parameters<typeof suspectsView>[2],
): TemplateResult {
  const dropped = review?.dropped.has(pair) ?? false;
  return html`
    <tr class=${dropped ? 'dropped' : ''} data-pair=${pair}>
      <th scope="row"><span>${pair + 1}</span></th>
      ${
        samples
          ? html`<td>
              <div class="row two">
                ${sampleView(samples?.source(pair), '–')}${sampleView(samples?.target(pair), '–')}
              </div>
            </td>`
          : nothing
      }
      <td class=${samples ? 'far' : ''}>
        ${sampleView(samples?.target(nearest.forward), `row ${nearest.forward + 1}`)}
      </td>
      <td class="number wide"><span>${Math.round((rank.forward + rank.backward) / 2)}</span></td>
      ${
        review
          ? html`<td>
              <button
                class="chip"
                aria-pressed=${dropped}
                aria-label="Drop pair ${pair + 1}"
                @click=${() => review.toggle(pair)}
              >
                ${dropped ? 'Dropped' : 'Drop'}
              </button>
            </td>`
          : nothing
      }
    </tr>
  `;
}

export function sampleView(sample: Sample | undefined, otherwise: string): TemplateResult {
  if (sample === undefined) return html`<span class="quiet">${otherwise}</span>`;
  if (typeof sample === 'string') return html`<span dir="auto">${sample}</span>`;
  return html`<img src=${sample.url} alt=${sample.name} title=${sample.name} />`;
}
