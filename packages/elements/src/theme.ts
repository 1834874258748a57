import { css } from 'lit';

/**
 * The only theming interface: set `--cognate-*` on the page or on one element. Pictures live on the warm side, words on
 * the cool side, and what crosses the bridge wears both, by way of `--cognate-bridge`. Light and dark follow
 * `color-scheme`.
 */
export const tokens = css`
  :host {
    --_surface: var(--cognate-surface, light-dark(#ffffff, #141922));
    --_sunken: var(--cognate-sunken, light-dark(#f4f5f7, #0d1118));
    --_ink: var(--cognate-ink, light-dark(#14171f, #eef1f6));
    --_muted: var(--cognate-muted, light-dark(#59606e, #a0a9b8));
    --_line: var(--cognate-line, light-dark(#dcdfe5, #2b3342));
    --_edge: var(--cognate-edge, light-dark(#858c9a, #6c7688));
    --_warm: var(--cognate-warm, light-dark(#ef6a1a, #ff9b52));
    --_warm-ink: var(--cognate-warm-ink, light-dark(#a83f00, #ffb884));
    --_warm-soft: var(--cognate-warm-soft, light-dark(#fff3ea, #2a1c14));
    --_cool: var(--cognate-cool, light-dark(#2f6bea, #74a8ff));
    --_cool-ink: var(--cognate-cool-ink, light-dark(#1c4cbd, #a5c6ff));
    --_cool-soft: var(--cognate-cool-soft, light-dark(#edf3ff, #141f35));
    --_bridge: var(--cognate-bridge, light-dark(#b14bb0, #d58be0));
    --_print: var(--cognate-print, light-dark(#ffffff, #f4efe9));
    --_alarm: var(--cognate-alarm, light-dark(#b3132b, #ff9aa6));
    --_alarm-soft: var(--cognate-alarm-soft, light-dark(#fdeef0, #331820));
    --_good: var(--cognate-good, light-dark(#0f766e, #4fd1b5));
    --_good-soft: var(--cognate-good-soft, light-dark(#e8f6f3, #10282a));
    --_care: var(--cognate-care, light-dark(#9a6200, #f2c14e));
    --_care-soft: var(--cognate-care-soft, light-dark(#fdf4e0, #2d2515));
    --_font: var(--cognate-font, system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif);
    --_radius: var(--cognate-radius, 16px);
    --_unit: var(--cognate-unit, 8px);
  }
`;

/** What every element shares: frame, controls, focus rings, quiet text. */
export const base = css`
  :host {
    display: block;
    container-type: inline-size;
    box-sizing: border-box;
    min-inline-size: min(100%, 280px);
    overflow: clip;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_ink);
    font: 400 1rem / 1.5 var(--_font);
    text-align: start;
    -webkit-tap-highlight-color: transparent;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  p,
  ol,
  ul,
  dl,
  dd,
  fieldset,
  h2,
  h3 {
    margin: 0;
    padding: 0;
    border: 0;
    list-style: none;
  }
  .quiet {
    color: var(--_muted);
    font-size: 0.875rem;
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  button,
  .button,
  select,
  input {
    font: inherit;
    color: inherit;
  }
  button,
  .button,
  select {
    min-block-size: 40px;
    padding: 0 calc(2 * var(--_unit));
    border: 1px solid var(--_line);
    border-radius: 999px;
    background: var(--_surface);
    font-weight: 500;
    font-size: 0.9375rem;
    white-space: nowrap;
    cursor: pointer;
  }
  .button {
    display: inline-flex;
    align-items: center;
    gap: var(--_unit);
  }
  :is(button, .button, select):hover {
    border-color: var(--_edge);
  }
  .primary {
    border-color: var(--_ink);
    background: var(--_ink);
    color: var(--_surface);
  }
  .chip {
    min-block-size: 32px;
    padding: 0 12px;
    font-weight: 400;
    font-size: 0.875rem;
  }
  button:disabled {
    opacity: 0.45;
    cursor: default;
  }
  .field {
    inline-size: 100%;
    min-block-size: 40px;
    padding: 0 calc(2 * var(--_unit));
    border: 1px solid var(--_edge);
    border-radius: 12px;
    background: var(--_surface);
  }
  ::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  :focus-visible,
  .pick:has(:focus-visible) .button {
    outline: 3px solid var(--_cool);
    outline-offset: 2px;
  }
  .choice {
    display: inline-flex;
    align-items: center;
    gap: var(--_unit);
    color: var(--_muted);
    font-size: 0.9375rem;
  }
  .choice select {
    color: var(--_ink);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--_unit);
  }
  .stale {
    filter: grayscale(1);
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
