import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from '../../esbuild.config.mjs';
import { findPages, looks, openSite, root } from './visit.mjs';

// Pictures of every page in every look, for people to judge: .cache/screenshots/<page>-<theme>-<width>.png

if (!process.argv.includes('--no-build')) await build();
const folder = join(root, '.cache/screenshots');
await mkdir(folder, { recursive: true });

const site = await openSite();
try {
  for (const path of findPages()) {
    const { page, show, errors } = await site.visit(path);
    for (const look of looks) {
      await show(look);
      const name = `${path.replaceAll('/', '') || 'home'}-${look.theme}-${look.width}.png`;
      await page.screenshot({ path: join(folder, name), fullPage: true });
      console.log(join(folder, name));
    }
    for (const error of errors) console.log(`  error on /${path}: ${error}`);
    await page.close();
  }
} finally {
  await site.close();
}
