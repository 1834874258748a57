import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The packages whose code is in what esbuild built. @param {import('esbuild').Metafile[]} metafiles */
export function bundledPackages(metafiles) {
  const names = new Set();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
        const found = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
        if (found && bytesInOutput > 0) names.add(found[1]);
      }
    }
  }
  return [...names].sort();
}

/**
 * Name, version and the words of the licence of each package, as licences ask of those who pass code on. A package that
 * brings no such file is named with what its package.json says.
 * @param {string} root the repository. @param {string[]} packages
 */
export async function licenceTexts(root, packages) {
  const parts = [];
  for (const name of packages) {
    const folder = join(root, 'node_modules', name);
    const { version, license, repository, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    const where = repository?.url ?? repository;
    const who = author?.name ?? author;
    const known = [license, where, who].filter(Boolean).join('; ');
    parts.push([`${name} ${version} (${known})`, ...texts.map((text) => text.trim())].join('\n\n'));
  }
  return `${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
