/** A concept's name in one language: what pictures and foreign names are translated to. */
export interface Name {
  /** Key of the concept, such as `1F600`. */
  readonly hexcode: string;
  readonly name: string;
  readonly language: string;
}

/** A concept drawn in one style. */
export interface PictureItem {
  /** Key of the concept, such as `1F600`. */
  readonly hexcode: string;
  readonly style: string;
  /** A whole `<svg>` element. */
  readonly svg: string;
}

/** An entry for a menu of languages. */
export interface Language {
  /** BCP 47, such as `fr`: what `translator({ language })` takes. */
  readonly code: string;
  /** In the language itself, such as `français`. */
  readonly name: string;
}

/** An entry for a menu of drawing styles. */
export interface Style {
  /** What `translator({ style })` takes. */
  readonly id: string;
  readonly name: string;
  readonly licence: string;
  /** False for a style that no model was trained on. */
  readonly trained: boolean;
}

/** A text that was written, not found. */
export interface Caption {
  readonly text: string;
  /** BCP 47, as asked for. */
  readonly language: string;
  /**
   * Cycle score, -1 to 1: cosine of this text, encoded again, with the point it was written from, where both sides meet;
   * in the text encoder's own space when the point came from there.
   */
  readonly score: number;
  /** Estimated probability, 0 to 1, that it says what was meant; absent where nothing was held out to estimate it. */
  readonly trust?: number;
  /** Natural logarithm of its probability under the captioner, 0 or less. */
  readonly logProbability: number;
  /** False when it was cut off at the length that the captioner can write. */
  readonly finished: boolean;
  /** With which it was drawn: the same call with this seed makes it again, among its candidates. */
  readonly seed: number;
}

/** A picture that was painted, not found. */
export interface Painting {
  /** 128 x 128 pixels from the starter's painter, not premultiplied, transparent around the drawing. */
  readonly picture: ImageData;
  /** As asked for. */
  readonly style: string;
  /** With which it was drawn: the same call with this seed makes it again, among its candidates. */
  readonly seed: number;
  /**
   * Cycle score, -1 to 1: cosine of this picture, encoded again, with the point it was painted from, where both sides
   * meet; in the image encoder's own space when the point came from there.
   */
  readonly score: number;
  /** Estimated probability, 0 to 1, that it shows what was meant; absent where nothing was held out to estimate it. */
  readonly trust?: number;
}
