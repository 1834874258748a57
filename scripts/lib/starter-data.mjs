import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Drawing styles that pages can show, each with the icon set it comes from. */
const styles = {
  noto: 'noto',
  twemoji: 'twemoji',
  'fluent-flat': 'fluent-emoji-flat',
  openmoji: 'openmoji',
};

/** Concepts that pages put at hand as files of their own, so that trying one fetches one. */
const samples = '1F419 1F335 1F6B2 1F98A 26F5 1F3B8 1F355 1F344 1F680 1F41D 1F3F0 1F308'.split(' ');

const readJson = async (path) => JSON.parse(await readFile(path, 'utf8'));

/**
 * Fills `folder` with what the embedded default serves: models, banks and alignments as they are committed, and names
 * and pictures made from npm packages, which are never committed.
 *
 * @param {string} root the repository.
 * @param {string} folder such as `dist/starter`.
 * @returns {Promise<string>} a line that says what was written.
 */
export async function writeStarterData(root, folder) {
  for (const part of ['models', 'banks', 'alignments']) {
    const from = join(root, 'packages/starter', part);
    if (existsSync(from)) await cp(from, join(folder, part), { recursive: true });
  }
  const languages = await writeNames(join(root, 'node_modules/emojibase-data'), join(folder, 'names'));
  const drawings = await writePictures(root, join(folder, 'pictures'));
  return `names in ${languages} languages, pictures: ${drawings}`;
}

/** One file per language: `{ language, names: { [hexcode]: name } }`. Components, such as skin tones, have no group. */
async function writeNames(source, folder) {
  await mkdir(folder, { recursive: true });
  const entries = await readdir(source, { withFileTypes: true });
  const languages = entries.map(({ name }) => name).filter((name) => existsSync(join(source, name, 'data.json')));
  for (const language of languages) {
    const records = (await readJson(join(source, language, 'data.json'))).filter(({ group }) => group !== undefined);
    const names = Object.fromEntries(records.map(({ hexcode, label }) => [hexcode, label]));
    await writeFile(join(folder, `${language}.json`), JSON.stringify({ language, names }));
  }
  return languages.length;
}

/** One file per style: `{ style, licence, credit, pictures: { [hexcode]: "<svg ...>" } }`; and the samples, one file each. */
async function writePictures(root, folder) {
  await mkdir(folder, { recursive: true });
  const records = await readJson(join(root, 'node_modules/emojibase-data/en/data.json'));
  const concepts = records.filter(({ group }) => group !== undefined).map(({ hexcode }) => hexcode);
  const counts = [];
  for (const [style, set] of Object.entries(styles)) {
    const source = join(root, 'node_modules/@iconify-json', set);
    const [icons, chars, info] = await Promise.all(
      ['icons', 'chars', 'info'].map((name) => readJson(join(source, `${name}.json`))),
    );
    const byCode = new Map(Object.entries(chars).map(([code, icon]) => [bare(code), icon]));
    const pictures = {};
    for (const hexcode of concepts) {
      const icon = findIcon(icons, byCode.get(bare(hexcode)));
      if (icon) pictures[hexcode] = toSvg(icon, icons);
    }
    await mkdir(join(folder, 'samples', style), { recursive: true });
    for (const hexcode of samples) {
      if (pictures[hexcode]) await writeFile(join(folder, 'samples', style, `${hexcode}.svg`), pictures[hexcode]);
    }
    const credit = { author: info.author.name, source: info.author.url, licence: info.license.url };
    await writeFile(
      join(folder, `${style}.json`),
      JSON.stringify({ style, licence: info.license.spdx, credit, pictures }),
    );
    counts.push(`${style} ${Object.keys(pictures).length}`);
  }
  return counts.join(', ');
}

/** Code points without the variation selector that asks for colour. */
function bare(code) {
  return code
    .toUpperCase()
    .split('-')
    .filter((point) => point !== 'FE0F')
    .join('-');
}

function findIcon({ icons, aliases = {} }, name) {
  return name === undefined ? undefined : (icons[name] ?? icons[aliases[name]?.parent]);
}

function toSvg({ body, left = 0, top = 0, width, height }, set) {
  const box = [left, top, width ?? set.width ?? 16, height ?? set.height ?? 16].join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="${box}">${body}</svg>`;
}
