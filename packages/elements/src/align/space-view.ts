import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { SpacePicture, type Scene } from './space-picture.ts';

/** The picture of the two spaces in its frame, with a placeholder until there is something to draw. */
export class SpaceView implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #canvas = createRef<HTMLCanvasElement>();
  readonly #resized = new ResizeObserver(() => this.#picture?.redraw());
  #picture: SpacePicture | undefined;
  #scene: Scene | undefined;
  #drawn: Scene | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostUpdated(): void {
    const canvas = this.#canvas.value;
    if (!canvas || this.#scene === this.#drawn) return;
    this.#drawn = this.#scene;
    if (this.#scene) {
      if (!this.#picture) this.#resized.observe(canvas);
      this.#picture ??= new SpacePicture(canvas);
      this.#picture.show(this.#scene);
    } else this.#clear(canvas);
  }

  hostDisconnected(): void {
    if (this.#canvas.value) this.#clear(this.#canvas.value);
    this.#drawn = undefined;
  }

  /**
   * @param scene what is drawn when the host has been; a placeholder where there is nothing to draw.
   * @param sentence says what is to be seen, for those who do not see it.
   */
  view(
    scene: Scene | undefined,
    sentence: string,
    names: { readonly left: string; readonly right: string },
    hidden: boolean,
  ): TemplateResult {
    this.#scene = scene;
    return html`
      <div class="spaces" part="spaces" ?hidden=${hidden}>
        <canvas ${ref(this.#canvas)} role="img" aria-label=${sentence}></canvas>
        ${scene ? nothing : html`<div class="before" aria-hidden="true"><i></i><i></i></div>`}
        <span class="side pictures">${names.left}</span><span class="side words">${names.right}</span>
      </div>
    `;
  }

  #clear(canvas: HTMLCanvasElement): void {
    this.#resized.disconnect();
    this.#picture = undefined;
    canvas.width = 0;
  }
}
