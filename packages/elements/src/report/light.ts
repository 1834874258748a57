import { css, html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

/** How far something can be trusted. */
export type Level = 'pass' | 'caution' | 'fail';

/** A lamp of a traffic light: colour, shape and sign say the same, so that none is needed to tell. */
export const lightStyles = css`
  .lamp {
    flex: none;
    inline-size: 28px;
    block-size: 28px;
  }
  .lamp .body {
    fill: var(--_tone);
  }
  .lamp .sign {
    fill: none;
    stroke: var(--_surface);
    stroke-width: 3;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .pass {
    --_tone: var(--_good);
    --_tone-soft: var(--_good-soft);
  }
  .caution {
    --_tone: var(--_care);
    --_tone-soft: var(--_care-soft);
  }
  .fail {
    --_tone: var(--_alarm);
    --_tone-soft: var(--_alarm-soft);
  }
`;

const lamps: Readonly<Record<Level, SVGTemplateResult>> = {
  pass: svg`<circle class="body" cx="14" cy="14" r="13" /><path class="sign" d="m8.5 14.5 4 4 7.5-9" />`,
  caution: svg`<path class="body" d="M14 1.5 27.5 26H.5Z" /><path class="sign" d="M14 10.5v6.5M14 21.8v.1" />`,
  fail: svg`<path class="body" d="M8.5 1h11L27 8.5v11L19.5 27h-11L1 19.5v-11Z" /><path class="sign" d="m9.5 9.5 9 9m0-9-9 9" />`,
};

/** For the eye alone: the words beside it say the same. */
export function lampView(level: Level): TemplateResult {
  return html`<svg class="lamp ${level}" viewBox="0 0 28 28" aria-hidden="true">${lamps[level]}</svg>`;
}
