import type { AlignmentReport, MeasuredScores, RetrievalScores } from '@cognate/core';
import { css, html, nothing, type TemplateResult } from 'lit';
import { percentage, position } from '../percentage.ts';
import { wayView } from './way.ts';

const depths = [
  ['recallAt1', 'first', 'comes first'],
  ['recallAt5', 'of 5', 'is among the first five'],
  ['recallAt10', 'of 10', 'is among the first ten'],
] as const;

export const recallStyles = css`
  .recalls {
    display: grid;
    gap: calc(3 * var(--_unit));
  }
  .recall {
    inline-size: 100%;
    border-collapse: collapse;
    --_from: var(--_source);
    --_to: var(--_target);
  }
  .recall.backward {
    --_from: var(--_target);
    --_to: var(--_source);
  }
  .recall caption {
    padding-block-end: 4px;
    text-align: start;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .recall :is(th, td) {
    padding: 5px 0;
    font-weight: 400;
    font-size: 0.875rem;
    text-align: start;
    white-space: nowrap;
  }
  .recall thead th {
    padding: 0;
  }
  .recall th {
    color: var(--_muted);
  }
  .recall .track {
    inline-size: 99%;
    padding-inline: calc(1.5 * var(--_unit));
  }
  .recall .value {
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  .recall .value b {
    font-size: 1rem;
  }
  .bar {
    position: relative;
    display: block;
    block-size: 18px;
    border-radius: 5px;
    background: var(--_line);
  }
  .bar > * {
    position: absolute;
    inset-block: 0;
  }
  .bar .fill {
    inset-inline-start: 0;
    border-radius: 5px;
    background: linear-gradient(90deg, var(--_from), var(--_bridge), var(--_to)) 0 / var(--_reach) 100%;
  }
  .whisker {
    margin-block: 5px;
    border: solid var(--_ink);
    border-width: 0 1.5px;
    background: linear-gradient(var(--_ink), var(--_ink)) center / 100% 1.5px no-repeat;
  }
  .mark {
    inline-size: 0;
    margin-inline-start: -1px;
    border-inline-start: 2px solid var(--_ink);
  }
  .mark.chance {
    border-inline-start-style: dotted;
  }
  .mark.shuffled {
    border-inline-start-style: dashed;
  }
  .mark.plain {
    inline-size: 8px;
    block-size: 8px;
    margin: 5px 0 0 -4px;
    border: 2px solid var(--_ink);
    border-radius: 50%;
    background: var(--_surface);
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px calc(2 * var(--_unit));
    color: var(--_muted);
    font-size: 0.8125rem;
  }
  .legend span {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .legend i {
    position: static;
    block-size: 14px;
  }
  .legend .mark {
    margin: 0;
  }
  .legend .mark.plain {
    block-size: 8px;
  }
  .legend .whisker {
    inline-size: 14px;
    block-size: 8px;
    margin: 0;
  }
  @container (min-width: 44rem) {
    .recalls {
      grid-template-columns: 1fr 1fr;
      gap: calc(3 * var(--_unit)) calc(5 * var(--_unit));
    }
    .recalls > :not(table) {
      grid-column: 1 / -1;
    }
  }
`;

/** How often the right answer comes up, both ways, beside what guessing and shuffled pairs give. */
export function recallView(
  report: AlignmentReport,
  names: { readonly source: string; readonly target: string },
): TemplateResult {
  const { forward, backward, chance, shuffled } = report;
  if (!forward || !backward) {
    return html`<p class="quiet">No pair could be held out, so there is nothing to measure it by.</p>`;
  }
  return html`
    <div class="recalls" part="recall">
      ${table('forward', names.source, names.target, forward, chance, shuffled)}
      ${table('backward', names.target, names.source, backward, chance, shuffled)}
      <p class="legend" aria-hidden="true">
        <span><i class="whisker"></i>95 % of ${repeatsSentence(forward)}</span
        ><span><i class="mark plain"></i>by cosine alone</span>
        ${shuffled ? html`<span><i class="mark shuffled"></i>pairs shuffled</span>` : nothing}
        <span><i class="mark chance"></i>guessing</span>
      </p>
      <p class="quiet">${hubsSentence(forward, backward)} ${ranksSentence(forward, backward, report)}</p>
    </div>
  `;
}

/** The chart is a table: what the eye reads from a bar stands in its cells. */
function table(
  way: 'forward' | 'backward',
  from: string,
  to: string,
  scores: MeasuredScores,
  chance: RetrievalScores,
  shuffled: RetrievalScores | undefined,
): TemplateResult {
  return html`
    <table class="recall ${way}">
      <caption>
        ${wayView(from, to)}
      </caption>
      <thead>
        <tr>
          <th scope="col"><span class="unseen">The right answer</span></th>
          <th scope="col"><span class="unseen">To compare</span></th>
          <th scope="col"><span class="unseen">Held-out pairs</span></th>
        </tr>
      </thead>
      <tbody>
        ${depths.map(([key, short, long]) => {
          const value = scores[key];
          const { low, high } = scores.interval[key];
          return html`
            <tr>
              <th scope="row"><span aria-hidden="true">${short}</span><span class="unseen">${long}</span></th>
              <td class="track">
                <span class="bar" aria-hidden="true">
                  <i
                    class="fill"
                    .style=${`inline-size: ${position(value)}; --_reach: ${(100 / Math.max(value, 0.01)).toFixed(0)}%`}
                  ></i>
                  <i class="whisker" .style=${`inset-inline: ${position(low)} ${position(1 - high)}`}></i>
                  <i class="mark chance" .style=${`inset-inline-start: ${position(chance[key])}`}></i>
                  ${
                    shuffled
                      ? html`<i class="mark shuffled" .style=${`inset-inline-start: ${position(shuffled[key])}`}></i>`
                      : nothing
                  }
                  <i class="mark plain" .style=${`inset-inline-start: ${position(scores.plain[key])}`}></i>
                </span>
                <span class="unseen">
                  guessing ${percentage(chance[key])}${shuffled ? `, pairs shuffled ${percentage(shuffled[key])}` : ''},
                  by cosine alone ${percentage(scores.plain[key])}
                </span>
              </td>
              <td class="value">
                <b>${percentage(value)}</b>
                <span class="unseen">, 95 % of repeats lie from ${percentage(low)} to ${percentage(high)}</span>
              </td>
            </tr>
          `;
        })}
      </tbody>
    </table>
  `;
}

function repeatsSentence({ repeated }: MeasuredScores): string {
  return repeated.over === 'splits' ? `${repeated.times} splits` : `${repeated.times} draws of held-out pairs`;
}

function hubsSentence(forward: MeasuredScores, backward: MeasuredScores): string {
  const [csls, plain] = [mean(forward, backward), mean(forward.plain, backward.plain)];
  if (Math.abs(csls - plain) < 0.005) return 'Correcting for crowded places (CSLS) changes nothing here.';
  const change = csls > plain ? 'lifts' : 'lowers';
  return `Correcting for crowded places (CSLS) ${change} the first answer from ${percentage(plain)} to ${percentage(csls)}.`;
}

function ranksSentence(
  forward: MeasuredScores,
  backward: MeasuredScores,
  { chance, heldOutPairs }: Pick<AlignmentReport, 'chance' | 'heldOutPairs'>,
): string {
  const rank = (forward.medianRank + backward.medianRank) / 2;
  const foscttm = (forward.foscttm + backward.foscttm) / 2;
  return `Half of all right answers rank ${Number(rank.toFixed(1))} or better; ${percentage(foscttm)} of the others lie nearer than the right one (${percentage(chance.foscttm)} is chance), over ${heldOutPairs} held-out pairs.`;
}

function mean(a: RetrievalScores, b: RetrievalScores): number {
  return (a.recallAt1 + b.recallAt1) / 2;
}
