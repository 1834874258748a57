import { css } from 'lit';

export const imagineStyles = css`
  :host {
    --_from: var(--_cool);
    --_to: var(--_warm);
  }
  .frame {
    display: grid;
    gap: calc(2 * var(--_unit));
    padding: calc(2 * var(--_unit));
  }
  .frame > .choice {
    justify-self: start;
  }
  .answers {
    display: grid;
    gap: calc(2 * var(--_unit));
  }
  .pictures,
  .waiting {
    display: grid;
    grid-template-columns: repeat(4, minmax(0, 1fr));
    gap: calc(1.5 * var(--_unit));
  }
  .pictures li {
    display: grid;
    grid-template-rows: minmax(0, 1fr) auto;
    gap: 4px;
    min-inline-size: 0;
  }
  .pictures li:first-child,
  .waiting i:first-child {
    grid-area: span 2 / span 2;
  }
  .pictures li:first-child .picture {
    block-size: 100%;
    aspect-ratio: auto;
  }
  .picture {
    display: grid;
    place-items: center;
    inline-size: 100%;
    min-block-size: 0;
    aspect-ratio: 1;
    padding: 14%;
    border: 0;
    border-radius: 14px;
    background: light-dark(var(--_warm-soft), var(--_print));
    transition:
      background-color 0.15s,
      transform 0.15s;
  }
  .picture:hover {
    background: color-mix(in oklab, var(--_warm) 22%, var(--_print));
    transform: translateY(-2px);
  }
  .picture img {
    display: block;
    inline-size: 100%;
    block-size: 100%;
    min-block-size: 0;
    object-fit: contain;
  }
  .picture img[src] {
    animation: rise 0.3s cubic-bezier(0.2, 0.8, 0.2, 1) backwards;
  }
  .picture img:not([src]) {
    visibility: hidden;
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(10px) scale(0.9);
    }
  }
  .pictures li .score {
    inline-size: calc(100% - 12px);
    margin-inline: auto;
  }
  .waiting i {
    aspect-ratio: 1;
    border-radius: 14px;
    background: radial-gradient(circle, var(--_line) 4px, transparent 4.8px) var(--_sunken);
  }
  @container (max-width: 36rem) {
    .waiting i:nth-child(n + 6) {
      display: none;
    }
  }
  @container (min-width: 36rem) {
    .frame {
      grid-template-columns: minmax(0, 1fr) auto;
      padding: calc(3 * var(--_unit));
    }
    .frame > .choice {
      align-self: start;
      min-block-size: 56px;
    }
    .answers {
      grid-column: 1 / -1;
    }
    .waiting {
      grid-template-columns: repeat(8, minmax(0, 1fr));
    }
  }
`;
