import type { Candidate } from '@cognate/core';
import { css, html, nothing, type TemplateResult } from 'lit';

/** Below this trust an answer is shown as a guess. */
const trusted = 0.15;
/** Where no trust is known, CSLS tells as much: at 0, an answer is no nearer than its whole neighbourhood. */
const clearScore = 0.12;
const fullScore = 0.6;

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
  .trust {
    min-inline-size: 3.2em;
    color: var(--_muted);
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  .doubt {
    color: var(--_muted);
  }
  .guess .score i::before {
    background: repeating-linear-gradient(90deg, var(--_to) 0 3px, transparent 3px 7px);
  }
  .guess .score i::after {
    border: 2px solid var(--_to);
    background: var(--_surface);
  }
`;

/** True when even the best answer is hardly more than a guess. */
export function isGuess(candidates: readonly Candidate<unknown>[]): boolean {
  const [best] = candidates;
  if (!best) return false;
  return best.trust === undefined ? best.score < clearScore : best.trust < trusted;
}

/** 0 to 1: the trust where it is known, else how far the score stands out. */
export function strength({ trust, score }: Candidate<unknown>): number {
  return trust ?? Math.min(1, Math.max(0, score / fullScore));
}

/** `72 %`, or nothing where no trust is known. */
export function percent(candidate: Candidate<unknown>): string {
  return candidate.trust === undefined ? '' : `${Math.round(candidate.trust * 100)} %`;
}

/** For the eye alone; the number beside it is for everybody. */
export function scoreView(candidate: Candidate<unknown>): TemplateResult {
  return barView(strength(candidate));
}

/** @param share how far the line goes, 0 to 1. */
export function barView(share: number): TemplateResult {
  return html`<span class="score" part="score" .style=${`--score: ${share.toFixed(3)}`} aria-hidden="true"
    ><i></i
  ></span>`;
}

/** Said aloud after an answer, when there is something to say. */
export function trustView(candidate: Candidate<unknown>): TemplateResult | typeof nothing {
  const text = percent(candidate);
  return text ? html`<span class="trust" part="trust"><span class="unseen">trust </span>${text}</span>` : nothing;
}
