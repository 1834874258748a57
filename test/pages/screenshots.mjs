import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from '../../esbuild.config.mjs';
import { states } from './states.mjs';
import { findPages, looks, openSite, root } from './visit.mjs';

// Pictures of every page in every look, for people to judge: .cache/screenshots/<page>-<theme>-<width>.png. Then of what
// a visitor comes to see later, under the same name with the state behind it. `--firefox` takes them in Firefox instead,
// in its light theme: .cache/screenshots/firefox-<page>-<width>.png.

/** `--only caption,restyle` spares the other pages. */
const only = process.argv[process.argv.indexOf('--only') + 1]?.split(',');
const wanted = (path) => !process.argv.includes('--only') || only.includes(path.replaceAll('/', '') || 'home');

if (!process.argv.includes('--no-build')) await build();
const folder = join(root, '.cache/screenshots');
await mkdir(folder, { recursive: true });

const firefox = process.argv.includes('--firefox');
const site = await openSite({ firefox });
try {
  for (const path of findPages().filter(wanted)) {
    const { page, show, errors } = await site.visit(path);
    const name = path.replaceAll('/', '') || 'home';
    for (const [state, reach] of [['', undefined], ...Object.entries(states[path] ?? {})]) {
      await reach?.(page);
      for (const look of looks.filter(({ theme }) => !firefox || theme === 'light')) {
        await show(look);
        const [browser, theme] = firefox ? ['firefox', ''] : ['', look.theme];
        const file = `${[browser, name, state, theme, look.width].filter(Boolean).join('-')}.png`;
        await page.screenshot({ path: join(folder, file), fullPage: true });
        console.log(join(folder, file));
      }
    }
    for (const error of errors) console.log(`  error on /${path}: ${error}`);
    await page.close();
  }
} finally {
  await site.close();
}
