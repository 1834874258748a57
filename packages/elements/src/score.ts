import type { Candidate } from '@cognate/core';
import { css, html, nothing, type TemplateResult } from 'lit';

/** Below this an answer is shown as a guess. */
const trusted = 0.35;

/** A line with a point at its end: how far an answer has come across the bridge. */
export const scoreStyles = css`
  .score {
    position: relative;
    display: block;
    block-size: 10px;
    inline-size: 100%;
  }
  .score::before {
    content: '';
    position: absolute;
    inset: 4px 5px;
    border-radius: 1px;
    background: var(--_line);
  }
  .score i {
    position: absolute;
    inset-block: 0;
    inset-inline-start: 0;
    inline-size: calc(10px + (100% - 10px) * var(--score));
    transition: inline-size 0.5s cubic-bezier(0.2, 0.8, 0.2, 1);
  }
  .score i::before {
    content: '';
    position: absolute;
    inset: 4px 5px 4px 0;
    border-radius: 1px;
    background: linear-gradient(90deg, var(--_from), var(--_bridge) 50%, var(--_to));
  }
  .score i::after {
    content: '';
    position: absolute;
    inset-block: 0;
    inset-inline-end: 0;
    inline-size: 10px;
    border-radius: 50%;
    background: var(--_to);
  }
  .guess .score i::before {
    background: repeating-linear-gradient(90deg, var(--_to) 0 3px, transparent 3px 7px);
  }
  .guess .score i::after {
    border: 2px solid var(--_to);
    background: var(--_surface);
  }
`;

/** True when even the best answer is more likely wrong than right. */
export function isGuess(candidates: readonly Candidate<unknown>[]): boolean {
  const trust = candidates[0]?.trust;
  return trust !== undefined && trust < trusted;
}

/** 0 to 1: the trust where it is known, else the score on the way from the worst answer shown to the best. */
export function strength(candidate: Candidate<unknown>, among: readonly Candidate<unknown>[]): number {
  if (candidate.trust !== undefined) return candidate.trust;
  const scores = among.map((each) => each.score);
  const low = Math.min(...scores);
  const high = Math.max(...scores);
  return high > low ? 0.15 + (0.85 * (candidate.score - low)) / (high - low) : 1;
}

/** `72 %`, or nothing where no trust is known. */
export function percent(candidate: Candidate<unknown>): string {
  return candidate.trust === undefined ? '' : `${Math.round(candidate.trust * 100)} %`;
}

/** For the eye alone; the number beside it is for everybody. */
export function scoreView(candidate: Candidate<unknown>, among: readonly Candidate<unknown>[]): TemplateResult {
  return html`<span
    class="score"
    part="score"
    style="--score: ${strength(candidate, among).toFixed(3)}"
    aria-hidden="true"
    ><i></i
  ></span>`;
}

/** Said aloud after an answer, when there is something to say. */
export function trustView(candidate: Candidate<unknown>): TemplateResult | typeof nothing {
  const text = percent(candidate);
  return text ? html`<span class="trust" part="trust"><span class="unseen">trust </span>${text}</span>` : nothing;
}
