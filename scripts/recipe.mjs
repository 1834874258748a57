// Trains a starter model: `node scripts/recipe.mjs <text|image|align> [--minutes 20] [--resume] [--any option]`.
// The recipe is packages/starter/train/<name>/recipe.ts; it exports `main(host, options)` and runs in a headless page.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseOptions } from './lib/options.mjs';
import { runInPage } from './lib/page-program.mjs';

const [name, ...rest] = process.argv.slice(2);
const folder = `packages/starter/train/${name}`;
if (!name || !existsSync(join(folder, 'recipe.ts'))) {
  const known = readdirSync('packages/starter/train').filter((each) =>
    existsSync(`packages/starter/train/${each}/recipe.ts`),
  );
  console.error(`recipe.mjs needs the name of a recipe: ${known.join(', ')}`);
  process.exit(2);
}
const result = await runInPage({
  name: `train/${name}`,
  entry: join(folder, 'recipe.ts'),
  workers: readdirSync(folder)
    .filter((file) => file.endsWith('.worker.ts'))
    .map((file) => join(folder, file)),
  options: parseOptions(rest),
});
if (result !== undefined) console.log(JSON.stringify(result, null, 2));
