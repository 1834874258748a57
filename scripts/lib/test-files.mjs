import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/**
 * Test files below the folders, as paths from `root`. Those that measure time have the machine to themselves; the others
 * wait for pages half of theirs, and go two at a time.
 * @returns {{ beside: string[], alone: string[] }}
 */
export function testFiles(root, folders, ending) {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => name.endsWith(ending) && !name.includes('node_modules'))
      .map((name) => `${folder}/${name.replaceAll(sep, '/')}`),
  );
  const clocked = (file) => readFileSync(join(root, file), 'utf8').includes('performance.now()');
  return { beside: files.filter((file) => !clocked(file)), alone: files.filter(clocked) };
}
