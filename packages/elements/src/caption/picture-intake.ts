import { html, nothing, svg, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { pictureIn, type ReadPicture } from '../read-picture.ts';

type Give = (source: Blob | string) => void;

/** All the ways in which a visitor gives a picture: file dialog, drop, paste, address, and buttons with pictures. */
export class PictureIntake implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #give: Give;
  #hovering = false;

  /** @param give is handed what the visitor gave: a file, or the address of one. */
  constructor(host: ReactiveControllerHost & HTMLElement, give: Give) {
    this.#host = host;
    this.#give = give;
    host.addController(this);
    host.addEventListener('click', this.#sample);
  }

  hostConnected(): void {
    this.#host.ownerDocument.addEventListener('paste', this.#paste);
  }

  hostDisconnected(): void {
    this.#host.ownerDocument.removeEventListener('paste', this.#paste);
  }

  /** Where pictures land, with the one that is there. */
  view(picture: ReadPicture | undefined): TemplateResult {
    return html`
      <div
        class="zone ${this.#hovering ? 'hovering' : ''}"
        part="zone"
        @dragover=${this.#hover}
        @dragleave=${this.#leave}
        @drop=${this.#drop}
      >
        ${
          picture
            ? html`<img part="picture" src=${picture.url} alt=${picture.name || 'The picture you gave'} />`
            : placeholder
        }
        <label class="pick">
          <span class="button">${picture ? 'Another picture' : 'Choose a picture'}</span>
          <span class="unseen"><input type="file" accept="image/*" @change=${this.#pick} /></span>
        </label>
        ${picture ? nothing : html`<p class="quiet">or drop one, or paste one</p>`}
        <form class="address" @submit=${this.#visit}>
          <input
            class="field"
            name="address"
            inputmode="url"
            autocomplete="off"
            placeholder="https://…"
            aria-label="Address of a picture"
          />
          <button type="submit" aria-label="Get the picture from this address">Get</button>
        </form>
      </div>
    `;
  }

  readonly #pick = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = '';
    if (file) this.#give(file);
  };

  readonly #visit = (event: SubmitEvent): void => {
    event.preventDefault();
    const address = new FormData(event.target as HTMLFormElement).get('address');
    if (typeof address === 'string' && address.trim()) this.#give(address.trim());
  };

  readonly #hover = (event: DragEvent): void => {
    event.preventDefault();
    this.#setHovering(true);
  };

  readonly #leave = (event: DragEvent): void => {
    const zone = event.currentTarget as Element;
    if (!(event.relatedTarget instanceof Node && zone.contains(event.relatedTarget))) this.#setHovering(false);
  };

  readonly #drop = (event: DragEvent): void => {
    event.preventDefault();
    this.#setHovering(false);
    const source = event.dataTransfer && pictureIn(event.dataTransfer);
    if (source) this.#give(source);
  };

  /** Buttons of the `samples` slot live in the page: their clicks arrive at the element itself. */
  readonly #sample = (event: Event): void => {
    const button = (event.target as Element).closest('button');
    const image = button && this.#host.contains(button) ? button.querySelector('img') : null;
    if (image) this.#give(image.src);
  };

  /** A picture pasted while nothing else on the page wants the keyboard, or while the element has it. */
  readonly #paste = (event: ClipboardEvent): void => {
    const { activeElement, body } = this.#host.ownerDocument;
    if (event.defaultPrevented || !event.clipboardData) return;
    if (activeElement !== this.#host && activeElement !== body && activeElement !== null) return;
    const source = pictureIn(event.clipboardData);
    const typing = event.composedPath()[0] instanceof HTMLInputElement;
    if (!source || (typing && typeof source === 'string')) return;
    event.preventDefault();
    this.#give(source);
  };

  #setHovering(hovering: boolean): void {
    if (this.#hovering === hovering) return;
    this.#hovering = hovering;
    this.#host.requestUpdate();
  }
}

const placeholder = svg`
  <svg class="sign" viewBox="0 0 64 56" aria-hidden="true">
    <rect x="8" y="4" width="48" height="40" rx="8" />
    <circle cx="22" cy="18" r="4.5" />
    <path d="m9 38 14-12 9 7 11-12 12 11" />
  </svg>
`;
