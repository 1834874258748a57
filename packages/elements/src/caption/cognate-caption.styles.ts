import { css } from 'lit';

export const captionStyles = css`
  :host {
    --_from: var(--_warm);
    --_to: var(--_cool);
  }
  .names {
    display: grid;
    gap: calc(1.5 * var(--_unit));
  }
  .names li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    gap: 2px calc(1.5 * var(--_unit));
  }
  .name {
    grid-column: 1 / -1;
    overflow-wrap: anywhere;
    line-height: 1.3;
  }
  .names li:first-child .name {
    font-weight: 600;
    font-size: 1.1875rem;
    letter-spacing: -0.01em;
  }
  .waiting {
    display: grid;
    gap: calc(2 * var(--_unit));
    padding-block-start: var(--_unit);
  }
  .waiting i {
    position: relative;
    block-size: 2px;
    border-radius: 1px;
    background: var(--_line);
    inline-size: 72%;
  }
  .waiting i:nth-child(2) {
    inline-size: 48%;
  }
  .waiting i:nth-child(3) {
    inline-size: 32%;
  }
  .waiting i::after {
    content: '';
    position: absolute;
    inset-block-start: -4px;
    inset-inline-end: 0;
    inline-size: 10px;
    block-size: 10px;
    border-radius: 50%;
    background: var(--_line);
  }
`;
