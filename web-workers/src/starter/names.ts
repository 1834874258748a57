import { CognateError, type CallOptions, type Encoder } from '@cognate/core';
import { readBank } from '@cognate/decoders';
import type { Name } from '../shared/items.ts';
import { languages } from '../shared/menus.ts';
import { collect, type Collection } from './collection.ts';
import type { KeptBanks } from './kept-banks.ts';
import { loadOnceEach } from './load-once.ts';
import type { StarterFiles } from './starter-files.ts';

/** `names/<language>.json`. */
interface NamesFile {
  readonly names: Readonly<Record<string, string>>;
}

/** Names of the concepts in one language, as points of the text encoder's space. */
export type Names = (language: string, options?: CallOptions) => Promise<Collection<Name>>;

/** The language whose points come with the starter; those of others are made when first asked for, then kept. */
const shipped = 'en';

/** @param encoder is only asked for when a language has to be encoded. */
export function starterNames(
  files: StarterFiles,
  kept: KeptBanks,
  encoder: (options: CallOptions) => Promise<Encoder<string>>,
): Names {
  return loadOnceEach(async (language, options) => {
    if (!languages.some(({ code }) => code === language)) {
      const known = languages.map(({ code }) => code).join(', ');
      throw new CognateError('invalid-input', `translator() knows names in ${known}, not in "${language}"`);
    }
    const [{ names }, ready] = await Promise.all([
      files.json(`names/${language}.json`, options.signal) as Promise<NamesFile>,
      language === shipped ? files.bytes(`banks/text-${language}.safetensors`, options.signal) : undefined,
    ]);
    const bank = ready ? readBank(ready) : await encodedNames(language, names, options);
    return collect(bank, (hexcode) => {
      const name = names[hexcode];
      return name === undefined ? undefined : { hexcode, name, language };
    });
  });

  async function encodedNames(language: string, names: NamesFile['names'], { signal, onProgress }: CallOptions) {
    const hexcodes = Object.keys(names);
    return kept.get(`text-${language}`, hexcodes, async () => {
      const text = await encoder({ signal, onProgress });
      return text.encode(Object.values(names), {
        signal,
        onProgress: onProgress && ((p) => p.phase === 'encode' && onProgress({ ...p, phase: 'prepare' })),
      });
    });
  }
}
