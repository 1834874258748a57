import { css } from 'lit';

export const reportStyles = css`
  :host {
    --_source: var(--_warm);
    --_target: var(--_cool);
  }
  :host([source-side='cool']) {
    --_source: var(--_cool);
    --_target: var(--_warm);
  }
  .report {
    display: grid;
    gap: calc(4 * var(--_unit));
    padding: calc(2 * var(--_unit));
  }
  .report > * {
    min-inline-size: 0;
  }
  h2 {
    font-weight: 700;
    font-size: 1.0625rem;
    line-height: 1.3;
    letter-spacing: -0.01em;
  }
  abbr {
    text-decoration: none;
  }
  .sides {
    display: grid;
    gap: calc(4 * var(--_unit));
  }
  .sides > * {
    min-inline-size: 0;
  }
  .method {
    margin-block-start: calc(-2.5 * var(--_unit));
  }
  @container (min-width: 36rem) {
    .report {
      padding: calc(3 * var(--_unit));
    }
  }
  @container (min-width: 44rem) {
    .sides {
      grid-template-columns: 1fr 1fr;
      gap: calc(4 * var(--_unit)) calc(5 * var(--_unit));
    }
    .sides > :only-child {
      grid-column: 1 / -1;
    }
  }
`;
