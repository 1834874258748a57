import { css } from 'lit';

export const translateStyles = css`
  :host {
    --_from: var(--_cool);
    --_to: var(--_cool);
    --_bridge: var(--_cool);
  }
  .frame {
    display: grid;
    gap: calc(2 * var(--_unit));
    padding: calc(2 * var(--_unit));
  }
  .languages {
    display: grid;
    gap: 0 calc(4 * var(--_unit));
  }
  .language {
    display: grid;
    gap: 4px;
    align-content: start;
    padding-block: calc(1.5 * var(--_unit));
    border-block-start: 1px solid var(--_line);
  }
  dt {
    color: var(--_muted);
    font-size: 0.8125rem;
  }
  .best {
    color: var(--_cool-ink);
    font-weight: 700;
    font-size: 1.375rem;
    line-height: 1.25;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
    animation: rise 0.3s cubic-bezier(0.2, 0.8, 0.2, 1);
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(8px);
    }
  }
  .blank {
    display: block;
    inline-size: 10px;
    block-size: 10px;
    margin-block: 9px;
    border-radius: 50%;
    background: var(--_line);
  }
  .others bdi:not(:last-child)::after {
    content: ' · ';
    white-space: pre;
  }
  .menu {
    min-inline-size: 0;
  }
  .menu summary {
    inline-size: fit-content;
    list-style: none;
  }
  .menu summary::-webkit-details-marker {
    display: none;
  }
  .menu summary::after {
    content: '';
    inline-size: 7px;
    block-size: 7px;
    border: solid currentcolor;
    border-width: 0 1.5px 1.5px 0;
    transform: translateY(-2px) rotate(45deg);
  }
  .menu[open] summary::after {
    transform: translateY(2px) rotate(-135deg);
  }
  fieldset {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr));
    gap: 4px;
    margin-block-start: var(--_unit);
    padding: var(--_unit);
    border-radius: 12px;
    background: var(--_sunken);
  }
  .tick {
    display: flex;
    align-items: center;
    gap: var(--_unit);
    min-block-size: 36px;
    padding-inline: var(--_unit);
    border-radius: 8px;
    font-size: 0.9375rem;
    cursor: pointer;
  }
  .tick:hover {
    background: var(--_surface);
  }
  .tick input {
    inline-size: 18px;
    block-size: 18px;
    margin: 0;
    accent-color: var(--_cool-ink);
  }
  @container (min-width: 36rem) {
    .frame {
      grid-template-columns: minmax(0, 1fr) auto;
      padding: calc(3 * var(--_unit));
    }
    .frame > * {
      grid-column: 1 / -1;
    }
    .frame > .phrase {
      grid-column: 1;
    }
    .frame > .menu {
      grid-column: 2;
      padding-block-start: 8px;
    }
    .frame:has(.menu[open]) > .phrase,
    .frame > .menu[open] {
      grid-column: 1 / -1;
      padding: 0;
    }
    .languages {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  @container (min-width: 56rem) {
    .languages {
      grid-template-columns: repeat(3, minmax(0, 1fr));
    }
  }
`;
