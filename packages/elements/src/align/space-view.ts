import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { SpacePicture, type Scene } from './space-picture.ts';

/** The picture of the two spaces in its frame, with a placeholder until there is something to draw. */
export class SpaceView implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #canvas = createRef<HTMLCanvasElement>();
  readonly #resized = new ResizeObserver(() => this.#picture?.redraw());
  #picture: SpacePicture | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.clear();
  }

  /** True once there was something to draw. */
  get drawn(): boolean {
    return this.#picture !== undefined;
  }

  draw(scene: Scene): void {
    const canvas = this.#canvas.value;
    if (!canvas) return;
    if (!this.#picture) {
      this.#picture = new SpacePicture(canvas);
      this.#resized.observe(canvas);
      this.#host.requestUpdate();
    }
    this.#picture.show(scene);
  }

  /** Back to the placeholder. */
  clear(): void {
    this.#resized.disconnect();
    this.#picture = undefined;
    const canvas = this.#canvas.value;
    if (canvas) canvas.width = 0;
  }

  /** @param sentence says what is to be seen, for those who do not see it. */
  view(sentence: string, names: { readonly left: string; readonly right: string }, hidden: boolean): TemplateResult {
    return html`
      <div class="spaces" part="spaces" ?hidden=${hidden}>
        <canvas ${ref(this.#canvas)} role="img" aria-label=${sentence}></canvas>
        ${this.#picture ? nothing : html`<div class="before" aria-hidden="true"><i></i><i></i></div>`}
        <span class="side pictures">${names.left}</span><span class="side words">${names.right}</span>
      </div>
    `;
  }
}
