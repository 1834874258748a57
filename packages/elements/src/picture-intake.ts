import { html, nothing, svg, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { LatestRun } from './latest-run.ts';
import { pictureIn, readPicture, type ReadPicture } from './read-picture.ts';
import { errorView, loadingView } from './status.ts';

interface Listener {
  /** The visitor gave a picture: `name` is that of a file, or an address. */
  given(name: string): void;
  /** A picture is there to be worked with; settles when that is done. */
  read(picture: ReadPicture): Promise<void>;
  failed(error: unknown): void;
}

/** All the ways in which a visitor gives a picture: file dialog, drop, paste, address, and buttons with pictures. */
export class PictureIntake implements ReactiveController {
  /** The last one that could be read. */
  picture: ReadPicture | undefined;

  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #listener: Listener;
  readonly #reading: LatestRun<ReadPicture>;
  #source: Blob | string = '';
  #hovering = false;

  constructor(host: ReactiveControllerHost & HTMLElement, listener: Listener) {
    this.#host = host;
    this.#listener = listener;
    this.#reading = new LatestRun(host, (error) => listener.failed(error));
    host.addController(this);
    host.addEventListener('click', this.#sample);
  }

  /** Reads a picture, as if the visitor had given it. Settles when it was worked with, or an error is shown. */
  async read(source: Blob | string): Promise<void> {
    this.#source = source;
    const picture = await this.#reading.start(({ signal }) => readPicture(source, signal));
    if (!picture) return;
    if (this.picture) URL.revokeObjectURL(this.picture.url);
    this.picture = picture;
    await this.#listener.read(picture);
  }

  hostConnected(): void {
    this.#host.ownerDocument.addEventListener('paste', this.#paste);
  }

  hostDisconnected(): void {
    this.#host.ownerDocument.removeEventListener('paste', this.#paste);
  }

  /** What stands in the way of a picture, or nothing. */
  statusView(): TemplateResult | typeof nothing {
    const run = this.#reading;
    if (run.status === 'failed') return errorView(run, () => void this.read(this.#source));
    return run.status === 'running' && run.slow
      ? loadingView(undefined, () => run.cancel(), 'Reading the picture')
      : nothing;
  }

  /** Where pictures land, with the one that is there. */
  view(): TemplateResult {
    const { picture } = this;
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

  #give(source: Blob | string): void {
    this.#listener.given(typeof source === 'string' ? source : source instanceof File ? source.name : '');
    void this.read(source);
  }

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
