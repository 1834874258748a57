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
