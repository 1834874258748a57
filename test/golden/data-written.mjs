// Writes test/golden/data-written.json, for `python test/golden/data.py check`: node test/golden/data-written.mjs
import { writeFile } from 'node:fs/promises';
import { runInPage } from '../../scripts/lib/page-program.mjs';

const found = await runInPage({ name: 'data-written', entry: 'test/golden/data-written.ts', call: 'written' });
await writeFile(new URL('data-written.json', import.meta.url), `${JSON.stringify(found)}\n`);
