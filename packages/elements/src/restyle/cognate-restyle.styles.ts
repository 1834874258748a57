import { css } from 'lit';

export const restyleStyles = css`
  :host {
    --_from: var(--_warm);
    --_to: var(--_warm);
    --_bridge: var(--_warm);
  }
  .styles {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 7rem), 1fr));
    gap: calc(3 * var(--_unit)) calc(2 * var(--_unit));
  }
  .styles li {
    display: grid;
    align-content: start;
    gap: calc(1.5 * var(--_unit));
    min-inline-size: 0;
  }
  .style {
    font-weight: 700;
    font-size: 1.1875rem;
    letter-spacing: -0.01em;
  }
  .paper {
    display: grid;
    place-items: center;
    aspect-ratio: 1;
    padding: 8%;
    border-radius: 14px;
    background: light-dark(var(--_warm-soft), var(--_print));
  }
  .paper.empty {
    background: radial-gradient(circle, var(--_line) 4px, transparent 4.8px) var(--_sunken);
  }
  .real {
    display: grid;
    grid-template-columns: 48px minmax(0, 1fr);
    align-items: center;
    gap: calc(1.5 * var(--_unit));
    min-block-size: 48px;
    color: var(--_muted);
    font-size: 0.8125rem;
    line-height: 1.3;
  }
  .real img {
    inline-size: 48px;
    block-size: 48px;
    padding: 4px;
    border-radius: 10px;
    background: light-dark(transparent, var(--_print));
    object-fit: contain;
  }
`;
