import { CognateError, type CallOptions } from '@cognate/core';
import { readBank, type Bank } from '@cognate/decoders';
import type { PictureItem, Style } from '../shared/items.ts';
import { styles } from '../shared/menus.ts';
import { collect, type Collection } from './collection.ts';
import { joinProgress } from './join-progress.ts';
import { loadOnceEach } from './load-once.ts';
import type { StarterFiles } from './starter-files.ts';

/** `pictures/<style>.json`. */
interface PicturesFile {
  readonly pictures: Readonly<Record<string, string>>;
}

/** Pictures of the concepts in one style, as points of the image encoder's space. */
export interface Pictures {
  collection(style: string, options?: CallOptions): Promise<Collection<PictureItem>>;
  /** The points alone, without the drawings, which are large. */
  bank(style: string, options?: CallOptions): Promise<Bank>;
}

/** The style whose points stand for the concepts of a style that no model was trained on: it ships without points. */
const common = 'noto';

export function starterPictures(files: StarterFiles): Pictures {
  const bankFile = loadOnceEach(async (style: string, options) =>
    readBank(await files.bytes(`banks/image-${style}.safetensors`, options)),
  );
  const bank: Pictures['bank'] = async (id, options) => bankFile(requireStyle(id).trained ? id : common, options);

  const collection = loadOnceEach(async (style: string, options) => {
    const part = joinProgress(options);
    const [points, { pictures }] = await Promise.all([
      bank(style, part()),
      files.json(`pictures/${style}.json`, part()) as Promise<PicturesFile>,
    ]);
    return collect(points, (hexcode): PictureItem | undefined => {
      const svg = pictures[hexcode];
      return svg === undefined ? undefined : { hexcode, style, svg };
    });
  });

  return { bank, collection };
}

function requireStyle(id: string): Style {
  const style = styles.find((each) => each.id === id);
  if (style) return style;
  const known = styles.map((each) => each.id).join(', ');
  throw new CognateError('invalid-input', `translator() knows pictures in the styles ${known}, not in "${id}"`);
}
