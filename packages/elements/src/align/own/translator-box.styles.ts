import { css } from 'lit';

export const translatorStyles = css`
  .translator {
    display: grid;
    gap: calc(1.5 * var(--_unit));
    padding: calc(2 * var(--_unit));
    border: 2px solid var(--_bridge);
    border-radius: 14px;
  }
  .translator h2,
  .card h2 {
    font-weight: 700;
    font-size: 1.25rem;
    line-height: 1.2;
    letter-spacing: -0.02em;
  }
  .translator[data-from='right'] {
    --_from: var(--_cool);
    --_from-soft: var(--_cool-soft);
    --_to: var(--_warm);
  }
  .translator[data-from='left'] {
    --_from: var(--_warm);
    --_from-soft: var(--_warm-soft);
    --_to: var(--_cool);
  }
  /* Names of files are long. */
  .translator .switch button {
    min-inline-size: 0;
    padding-block: 4px;
    border-radius: 16px;
    white-space: normal;
    overflow-wrap: anywhere;
  }
  .translator .choice {
    white-space: nowrap;
  }
  .translator .ask {
    inline-size: 100%;
    min-block-size: 52px;
    padding: 0 calc(2 * var(--_unit));
    border: 1px solid var(--_from);
    border-radius: 12px;
    background: var(--_from-soft);
    font-size: 1.25rem;
  }
  .translator ol {
    display: grid;
    gap: var(--_unit);
  }
  .translator li {
    display: grid;
    grid-template-columns: minmax(3rem, 2fr) minmax(3rem, 1fr) 3.2rem;
    align-items: center;
    gap: calc(1.5 * var(--_unit));
    overflow-wrap: anywhere;
  }
  .translator .query img {
    inline-size: 64px;
    block-size: 64px;
    padding: 4px;
    border-radius: 10px;
    background: var(--_print);
    object-fit: contain;
  }
  .translator .chip img {
    display: block;
    inline-size: 32px;
    block-size: 32px;
    padding: 2px;
    border-radius: 6px;
    background: var(--_print);
    object-fit: contain;
  }
  .translator li:first-child {
    font-weight: 700;
    font-size: 1.25rem;
  }
  .translator li img {
    display: block;
    inline-size: 40px;
    block-size: 40px;
    padding: 3px;
    border-radius: 8px;
    background: var(--_print);
    object-fit: contain;
  }
  .translator li:first-child img {
    inline-size: 64px;
    block-size: 64px;
  }
  .translator .trust {
    color: var(--_muted);
    font-weight: 400;
    font-size: 0.875rem;
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .switch {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  .switch button[aria-pressed='true'] {
    border-color: var(--_ink);
    background: var(--_sunken);
    font-weight: 600;
  }
`;
