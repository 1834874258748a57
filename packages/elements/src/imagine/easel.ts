import { css, html, nothing, type TemplateResult } from 'lit';
import { canvasView } from '../painting.ts';

export const easelStyles = css`
  .easel {
    display: grid;
    grid-template-columns: minmax(0, 4.3fr) minmax(0, 1fr);
    gap: calc(1.5 * var(--_unit));
  }
  .large,
  .thumb {
    aspect-ratio: 1;
    border-radius: 14px;
    background: light-dark(var(--_warm-soft), var(--_print));
  }
  .large {
    padding: 8%;
  }
  .sheet {
    display: grid;
    align-content: space-between;
  }
  .thumb {
    display: block;
    min-block-size: 0;
    inline-size: 100%;
    padding: 8%;
    border: 2px solid transparent;
    border-radius: 12px;
  }
  .thumb[aria-pressed='true'] {
    border-color: var(--_warm);
  }
`;

/** One painting large, and a sheet of all to choose from; room is kept for those to come. */
export function easelView(view: {
  readonly pictures: readonly (ImageData | undefined)[];
  /** How many there will be. */
  readonly count: number;
  /** Of the one that is shown large. */
  readonly place: number;
  readonly name: string;
  readonly stale: boolean;
  readonly onChoose: (place: number) => void;
}): TemplateResult {
  const large = view.pictures[view.place];
  const thumb = (_: unknown, place: number): TemplateResult => {
    const picture = view.pictures[place];
    if (!picture) return html`<i class="thumb"></i>`;
    return html`
      <button
        class="thumb"
        aria-label="Painting ${place + 1}"
        aria-pressed=${place === view.place}
        @click=${() => view.onChoose(place)}
      >
        ${canvasView(picture, '')}
      </button>
    `;
  };
  return html`
    <div class="easel ${view.stale ? 'stale' : ''}">
      <div class="large" part="painted">${large ? canvasView(large, view.name) : nothing}</div>
      <div class="sheet" part="sheet" role="group" aria-label="Paintings to choose from">
        ${Array.from({ length: view.count }, thumb)}
      </div>
    </div>
  `;
}
