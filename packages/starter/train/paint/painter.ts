import type { Canvas } from './canvas.ts';
import type { Sketch } from './sketch.ts';

/** The networks that ship. */
export type Painter<Leaf> = { sketch: Sketch<Leaf>; canvas: Canvas<Leaf> };
