/** A set of emoji drawings by one hand. */
export interface Style {
  readonly id: string;
  /** Folder below `node_modules/@iconify-json`. */
  readonly set: string;
  readonly licence: string;
  readonly author: string;
  /** `evaluate` is never trained on, in any form: the unseen class of pictures. */
  readonly use: 'train' | 'evaluate';
}

/** Licences are those of each package's info.json. */
export const styles: readonly Style[] = [
  { id: 'noto', set: 'noto', licence: 'Apache-2.0', author: 'Google', use: 'train' },
  { id: 'noto-v1', set: 'noto-v1', licence: 'Apache-2.0', author: 'Google', use: 'train' },
  { id: 'twemoji', set: 'twemoji', licence: 'CC-BY-4.0', author: 'Twitter', use: 'train' },
  { id: 'fluent', set: 'fluent-emoji', licence: 'MIT', author: 'Microsoft', use: 'train' },
  { id: 'fluent-flat', set: 'fluent-emoji-flat', licence: 'MIT', author: 'Microsoft', use: 'train' },
  { id: 'fluent-contrast', set: 'fluent-emoji-high-contrast', licence: 'MIT', author: 'Microsoft', use: 'train' },
  { id: 'fxemoji', set: 'fxemoji', licence: 'Apache-2.0', author: 'Mozilla', use: 'train' },
  { id: 'emojitwo', set: 'emojione', licence: 'CC-BY-4.0', author: 'Emoji One, EmojiTwo', use: 'train' },
  { id: 'openmoji', set: 'openmoji', licence: 'CC-BY-SA-4.0', author: 'OpenMoji', use: 'evaluate' },
];

/** The style of that id. */
export function styleOf(id: string): Style {
  const style = styles.find((each) => each.id === id);
  if (!style) throw new Error(`styleOf(): no style is called ${id}`);
  return style;
}
