import { css } from 'lit';

export const blendStyles = css`
  :host {
    --_from: var(--_cool);
    --_to: var(--_warm);
  }
  .frame {
    display: grid;
    gap: calc(2 * var(--_unit));
    padding: calc(2 * var(--_unit));
  }
  .ends {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: calc(2 * var(--_unit));
  }
  .end {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--_unit);
    min-inline-size: 0;
  }
  .end:last-child {
    justify-content: end;
  }
  .word {
    flex: 1 1 9rem;
    min-inline-size: 0;
    min-block-size: 48px;
    padding: 0 calc(2 * var(--_unit));
    border: 1px solid var(--_cool);
    border-radius: 14px;
    background: var(--_cool-soft);
    font-size: 1.125rem;
    font-weight: 500;
  }
  .end:last-child .word {
    text-align: end;
  }
  .print {
    display: inline-flex;
    align-items: center;
    gap: var(--_unit);
  }
  .print img {
    inline-size: 56px;
    block-size: 56px;
    padding: 6px;
    border: 2px solid var(--_warm);
    border-radius: 14px;
    background: var(--_print);
    object-fit: contain;
  }
  .end .button {
    color: var(--_muted);
  }
  .slide {
    inline-size: 100%;
    min-block-size: 40px;
    margin: 0;
    accent-color: var(--_bridge);
    cursor: pointer;
  }
  .mixed {
    display: grid;
    justify-items: center;
    gap: calc(1.5 * var(--_unit));
    text-align: center;
  }
  .paper {
    inline-size: min(100%, 17rem);
    aspect-ratio: 1;
    padding: 16px;
    border-radius: 20px;
    background: light-dark(var(--_warm-soft), var(--_print));
  }
  .mixed .worth {
    inline-size: min(100%, 17rem);
  }
  .written ~ .worth {
    --_from: var(--_warm);
    --_to: var(--_cool);
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: var(--_unit) calc(2 * var(--_unit));
  }
  @container (min-width: 36rem) {
    .frame {
      padding: calc(3 * var(--_unit));
    }
  }
`;
