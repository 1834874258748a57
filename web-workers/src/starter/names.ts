import { CognateError, type CallOptions, type Encoder } from '@cognate/core';
import { readBank } from '@cognate/decoders';
import type { Name } from '../shared/items.ts';
import { languages } from '../shared/menus.ts';
import { collect, type Collection } from './collection.ts';
import { joinProgress } from './join-progress.ts';
import type { KeptBanks } from './kept-banks.ts';
import { loadOnce, loadOnceEach } from './load-once.ts';
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
  const shippedBank = loadOnce(async (options) => {
    const bytes = await files.bytes(`banks/text-${shipped}.safetensors`, options);
    // The encoder made this file, and would make another one in another state: so its digest names that state.
    return { bank: readBank(bytes), model: await digest(bytes) };
  });

  const encodedBank = async (language: string, names: NamesFile['names'], options: CallOptions) => {
    const { signal, onProgress } = options;
    const { model } = await shippedBank(options);
    return kept.get({ name: `text-${language}`, model, items: Object.keys(names) }, async () => {
      const text = await encoder(options);
      return text.encode(Object.values(names), {
        signal,
        onProgress: onProgress && ((p) => p.phase === 'encode' && onProgress({ ...p, phase: 'prepare' })),
      });
    });
  };

  return loadOnceEach(async (language, options) => {
    requireLanguage(language);
    const part = joinProgress(options);
    const reading = files.json(`names/${language}.json`, part()) as Promise<NamesFile>;
    const [{ names }, bank] = await Promise.all([
      reading,
      language === shipped
        ? shippedBank(part()).then((ready) => ready.bank)
        : reading.then((file) => encodedBank(language, file.names, part())),
    ]);
    return collect(bank, (hexcode) => {
      const name = names[hexcode];
      return name === undefined ? undefined : { hexcode, name, language };
    });
  });
}

function requireLanguage(language: string): void {
  if (languages.some(({ code }) => code === language)) return;
  const known = languages.map(({ code }) => code).join(', ');
  throw new CognateError('invalid-input', `translator() knows names in ${known}, not in "${language}"`);
}

/** SHA-256 in hex; empty on a page without a secure context, which keeps nothing either. */
async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (!isSecureContext) return '';
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
