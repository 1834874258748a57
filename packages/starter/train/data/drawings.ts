import { fetchRecords } from './concepts.ts';
import type { Style } from './styles.ts';

/** A drawing as SVG source: what is inside the root element, and its view box `[left, top, width, height]`. */
export interface Drawing {
  readonly body: string;
  readonly box: readonly [number, number, number, number];
}

interface IconSet {
  readonly icons: Readonly<
    Record<string, { body: string; left?: number; top?: number; width?: number; height?: number }>
  >;
  readonly aliases?: Readonly<Record<string, { parent: string }>>;
  readonly width?: number;
  readonly height?: number;
}

/**
 * Drawings of one style by hexcode. Sets that say which code point an icon draws are believed; for the others the
 * icon's name, less spaces and accents, must be the name of a concept or of an icon that a believed set ties to one.
 * Names serve to join the tables only: nothing is learned from them.
 */
export async function loadDrawings(style: Style): Promise<ReadonlyMap<string, Drawing>> {
  const set = await fetchJson<IconSet>(`${style.set}/icons.json`);
  const drawings = new Map<string, Drawing>();
  for (const [icon, hexcode] of await iconsToConcepts(style.set, set)) {
    const found = set.icons[icon] ?? set.icons[set.aliases?.[icon]?.parent ?? ''];
    if (!found || drawings.has(hexcode)) continue;
    const width = found.width ?? set.width ?? 16;
    drawings.set(hexcode, {
      body: found.body,
      box: [found.left ?? 0, found.top ?? 0, width, found.height ?? set.height ?? 16],
    });
  }
  return drawings;
}

/** A whole SVG document, `size` pixels square; drawings that are not square are centred. */
export function toSvg({ body, box }: Drawing, size: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${size}" height="${size}" viewBox="${box.join(' ')}">${body}</svg>`;
}

const believed = ['noto', 'twemoji', 'fluent-emoji-flat'];

async function iconsToConcepts(name: string, set: IconSet): Promise<readonly (readonly [string, string])[]> {
  const characters = await fetchCharacters(name);
  const records = await fetchRecords();
  const hexcodes = new Map(records.map(({ hexcode }) => [bare(hexcode), hexcode]));
  const pairs = (table: Readonly<Record<string, string>>): [string, string][] =>
    Object.entries(table).flatMap(([code, icon]) => {
      const hexcode = hexcodes.get(bare(code));
      return hexcode ? [[icon, hexcode] as [string, string]] : [];
    });
  if (characters) return pairs(characters);

  const names = new Map(records.map(({ label, hexcode }) => [plain(label), hexcode]));
  for (const other of believed) {
    for (const [icon, hexcode] of pairs((await fetchCharacters(other)) ?? {})) {
      if (!names.has(plain(icon))) names.set(plain(icon), hexcode);
    }
  }
  return [...Object.keys(set.icons), ...Object.keys(set.aliases ?? {})].flatMap((icon) => {
    const hexcode = names.get(plain(icon));
    return hexcode ? [[icon, hexcode] as [string, string]] : [];
  });
}

/** Code points without the variation selector that asks for colour. */
function bare(code: string): string {
  return code
    .toUpperCase()
    .split('-')
    .filter((point) => point !== 'FE0F')
    .join('-');
}

/** Letters and digits of a name: `flag-for-flag-chad` and `flag: Chad` agree. */
function plain(name: string): string {
  const words = name.toLowerCase().replace(/^flag-for-(flag-)?/, 'flag-');
  return words.normalize('NFD').replace(/[^a-z0-9#*]+/g, '');
}

/** Code point -> icon name, where the set says so; some sets ship an empty table. */
async function fetchCharacters(set: string): Promise<Readonly<Record<string, string>> | undefined> {
  const response = await fetch(`/node_modules/@iconify-json/${set}/chars.json`);
  if (!response.ok) return undefined;
  const table = (await response.json()) as Readonly<Record<string, string>>;
  return Object.keys(table).length ? table : undefined;
}

async function fetchJson<T>(path: string): Promise<T> {
  const response = await fetch(`/node_modules/@iconify-json/${path}`);
  if (!response.ok) throw new Error(`loadDrawings(): ${path} answered ${response.status}; run npm ci`);
  return (await response.json()) as T;
}
