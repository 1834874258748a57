import type { Plane } from './plane.ts';

/** Where paired points lie, as a picture shows them: x and y from -1 to 1. */
export interface Scene {
  readonly cool: Plane;
  readonly warm: Plane;
}

/** Long enough to follow a point with the eye. */
const travelMs = 900;
/** Every so manieth pair is joined by a line. */
const lineEvery = 5;
/** Nothing is drawn farther from the middle, in units of the root mean square distance. */
const widest = 2.6;

/** Two spaces side by side, each in its own plane, before anything joins them. */
export function apart(cool: Plane, warm: Plane): Scene {
  return { cool: placed(cool, 0.5, 0.18), warm: placed(warm, -0.5, 0.18) };
}

/** Both in one plane. */
export function together(cool: Plane, warm: Plane): Scene {
  return { cool: placed(cool, 0, 0.36), warm: placed(warm, 0, 0.36) };
}

function placed(plane: Plane, x: number, scale: number): Plane {
  return plane.map((value, i) => {
    // Far-off points come in, so that all stay on the picture and none pile up at its edge.
    const near = value / Math.hypot(1, value / widest);
    return i % 2 === 0 ? x + near * scale : near * 0.36;
  });
}

/** Draws scenes on a canvas; points travel from one scene to the next, unless the visitor prefers less motion. */
export class SpacePicture {
  readonly #canvas: HTMLCanvasElement;
  #from: Scene | undefined;
  #to: Scene | undefined;
  #start = 0;
  #frame = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  show(scene: Scene): void {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const sameCount = this.#to?.cool.length === scene.cool.length;
    this.#from = this.#to && sameCount && !still ? this.#current() : scene;
    this.#to = scene;
    this.#start = performance.now();
    this.redraw();
  }

  /** After a change of size or colours, and while points travel. */
  redraw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      if (!this.#to || !this.#canvas.isConnected) return;
      this.#draw(this.#current());
      if (this.#progress() < 1) this.redraw();
    });
  }

  #progress(): number {
    return Math.min(1, (performance.now() - this.#start) / travelMs);
  }

  #current(): Scene {
    const [from, to] = [this.#from!, this.#to!];
    const t = this.#progress();
    const eased = 1 - (1 - t) ** 3;
    const between = (a: Plane, b: Plane): Plane => a.map((value, i) => value + (b[i]! - value) * eased);
    return { cool: between(from.cool, to.cool), warm: between(from.warm, to.warm) };
  }

  #draw({ cool, warm }: Scene): void {
    const canvas = this.#canvas;
    const context = canvas.getContext('2d')!;
    const ratio = devicePixelRatio;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    // Custom properties come back as written; a real property comes back as the colour that they lead to.
    const style = getComputedStyle(canvas);
    const colour = (name: string): string => style.getPropertyValue(name);
    const x = (plane: Plane, i: number): number => ((plane[2 * i]! + 1) / 2) * width;
    const y = (plane: Plane, i: number): number => ((plane[2 * i + 1]! + 1) / 2) * height;
    const count = cool.length / 2;
    const radius = Math.max(1.8, Math.min(3, width / 220));

    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.globalAlpha = 0.5;
    context.lineWidth = 1;
    context.strokeStyle = colour('border-top-color');
    context.beginPath();
    for (let i = 0; i < count; i += lineEvery) {
      context.moveTo(x(cool, i), y(cool, i));
      context.lineTo(x(warm, i), y(warm, i));
    }
    context.stroke();
    context.globalAlpha = 0.8;
    for (const [plane, name] of [
      [warm, 'border-left-color'],
      [cool, 'border-right-color'],
    ] as const) {
      const dot = dotOf(colour(name), radius, ratio);
      const side = dot.width / ratio;
      for (let i = 0; i < count; i++) {
        context.drawImage(dot, x(plane, i) - side / 2, y(plane, i) - side / 2, side, side);
      }
    }
  }
}

/** One point, drawn once: copying it hundreds of times is far cheaper than filling as many circles. */
function dotOf(colour: string, radius: number, ratio: number): OffscreenCanvas {
  const side = Math.ceil(2 * (radius + 1) * ratio);
  const dot = new OffscreenCanvas(side, side);
  const context = dot.getContext('2d')!;
  context.fillStyle = colour;
  context.arc(side / 2, side / 2, radius * ratio, 0, 2 * Math.PI);
  context.fill();
  return dot;
}
