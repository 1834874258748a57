import { css } from 'lit';
import { forecastStyles } from '../report/forecast-view.ts';
import { lightStyles } from '../report/light.ts';
import { scoreStyles } from '../score.ts';
import { statusStyles } from '../status.ts';
import { base, tokens } from '../theme.ts';
import { curvesStyles } from './curves.ts';
import { ownPairsStyles } from './own-pairs-form.ts';
import { checkStyles } from './own/check-view.ts';
import { intakeStyles } from './own/intake.ts';
import { translatorStyles } from './own/translator-box.styles.ts';
import { saveStyles } from './save-menu.ts';
import { unfinishedStyles } from './unfinished.ts';

const frame = css`
  .frame {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: calc(2 * var(--_unit));
    padding: calc(2 * var(--_unit));
  }
  :host {
    --_source: var(--_warm);
    --_target: var(--_cool);
  }
  .swapped {
    --_source: var(--_cool);
    --_target: var(--_warm);
  }
  .modes button {
    border-color: transparent;
    background: none;
    color: var(--_muted);
  }
  .modes button:hover {
    color: var(--_ink);
  }
  .modes button[aria-pressed='true'] {
    border-color: transparent;
    color: var(--_ink);
  }
  .train {
    min-block-size: 48px;
  }
  b.warm {
    color: var(--_warm-ink);
  }
  b.cool {
    color: var(--_cool-ink);
  }
  cognate-report {
    border-color: var(--_line);
    border-radius: 14px;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--_unit) calc(3 * var(--_unit));
  }
  .choices .primary {
    flex: 1 0 100%;
    min-block-size: 48px;
  }
  .spaces {
    position: relative;
    min-inline-size: 0;
    block-size: clamp(220px, 42cqi, 420px);
    border-radius: 14px;
    overflow: hidden;
    background: linear-gradient(90deg, var(--_warm-soft), var(--_sunken) 40% 60%, var(--_cool-soft));
  }
  /* The three colours that the picture is drawn with: a canvas reads resolved colours from its own style. */
  canvas {
    display: block;
    inline-size: 100%;
    block-size: 100%;
    border: 0 solid var(--_bridge);
    border-left-color: var(--_warm);
    border-right-color: var(--_cool);
  }
  .before {
    position: absolute;
    inset: 0;
    display: grid;
    grid-template-columns: 1fr 1fr;
    place-items: center;
  }
  .before i {
    inline-size: min(72%, 340px);
    aspect-ratio: 1.4;
    border-radius: 50%;
    background: radial-gradient(circle, var(--_warm) 1.6px, transparent 2.2px) center / 14px 14px;
    mask: radial-gradient(closest-side, #000 20%, transparent);
    opacity: 0.7;
  }
  .before i + i {
    background-image: radial-gradient(circle, var(--_cool) 1.6px, transparent 2.2px);
  }
  .side {
    position: absolute;
    inset-block-end: 10px;
    max-inline-size: calc(50% - 24px);
    overflow-wrap: anywhere;
    line-height: 1.2;
    font-size: 0.875rem;
    font-weight: 500;
  }
  .side.pictures {
    inset-inline-start: 16px;
    color: var(--_warm-ink);
  }
  .side.words {
    inset-inline-end: 16px;
    text-align: end;
    color: var(--_cool-ink);
  }
  @container (min-width: 44rem) {
    .choices .primary {
      flex: none;
      margin-inline-start: auto;
      padding-inline: calc(5 * var(--_unit));
    }
  }
  @container (min-width: 36rem) {
    .frame {
      padding: calc(3 * var(--_unit));
    }
  }
`;

/** Of the element and of everything that it is made of. */
export const alignStyles = [
  tokens,
  base,
  statusStyles,
  scoreStyles,
  lightStyles,
  forecastStyles,
  curvesStyles,
  ownPairsStyles,
  intakeStyles,
  checkStyles,
  translatorStyles,
  unfinishedStyles,
  saveStyles,
  frame,
];
