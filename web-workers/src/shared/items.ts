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
