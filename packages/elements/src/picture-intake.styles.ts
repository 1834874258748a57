import { css } from 'lit';

/** Where pictures land, those at hand beneath it, and room for answers beside it (`.frame.beside`, `.answers`). */
export const intakeStyles = css`
  .zone {
    position: relative;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: calc(1.5 * var(--_unit));
    min-block-size: 208px;
    padding: calc(3 * var(--_unit)) calc(2 * var(--_unit));
    background: radial-gradient(circle, color-mix(in oklab, var(--_warm) 38%, transparent) 1.2px, transparent 1.8px)
      center / 16px 16px var(--_warm-soft);
    transition: background-color 0.2s;
  }
  .zone.hovering {
    background-color: color-mix(in oklab, var(--_warm) 30%, var(--_surface));
    box-shadow: inset 0 0 0 3px var(--_warm);
  }
  .sign {
    inline-size: 64px;
    overflow: visible;
    fill: var(--_surface);
    stroke: var(--_warm);
    stroke-width: 2.5;
    stroke-linejoin: round;
    stroke-linecap: round;
  }
  .sign circle {
    fill: var(--_warm);
    stroke: none;
  }
  .sign path {
    fill: none;
  }
  .zone img {
    max-inline-size: 100%;
    inline-size: 184px;
    block-size: 184px;
    padding: 16px;
    border: 2px solid var(--_warm);
    border-radius: 24px;
    background: var(--_print);
    object-fit: contain;
    animation: land 0.35s cubic-bezier(0.2, 0.8, 0.2, 1);
  }
  .zone .quiet {
    padding-inline: 6px;
    border-radius: 6px;
    background: var(--_warm-soft);
    color: var(--_warm-ink);
  }
  .address {
    display: flex;
    gap: var(--_unit);
    inline-size: min(100%, 272px);
  }
  .address input {
    min-inline-size: 0;
    border-color: transparent;
    background: color-mix(in oklab, var(--_surface) 82%, transparent);
    font-size: 0.875rem;
  }
  .address :is(input, button) {
    min-block-size: 36px;
  }
  .address:not(:focus-within, :has(:not(:placeholder-shown):not(button))) button {
    background: transparent;
    border-color: transparent;
    color: var(--_warm-ink);
  }
  @keyframes land {
    from {
      opacity: 0;
      transform: translateY(-12px);
    }
  }
  slot[name='samples'] {
    display: block;
  }
  ::slotted([slot='samples']) {
    padding: calc(1.5 * var(--_unit)) calc(2 * var(--_unit));
    border-block-end: 1px solid var(--_line);
  }
  .frame.beside {
    display: grid;
  }
  .beside > .answers {
    display: flex;
    flex-direction: column;
    gap: calc(2 * var(--_unit));
    min-inline-size: 0;
    padding: calc(2 * var(--_unit));
  }
  @container (min-width: 36rem) {
    .frame.beside {
      grid-template-columns: minmax(14rem, 2fr) 4fr;
      grid-template-rows: minmax(336px, auto) auto;
    }
    .beside slot[name='samples'] {
      order: 1;
      grid-column: 1 / -1;
    }
    ::slotted([slot='samples']) {
      border-block: 1px solid var(--_line);
      border-block-end: 0;
      padding-inline: calc(2 * var(--_unit));
    }
    .beside > .answers {
      padding: calc(3 * var(--_unit));
    }
  }
`;
