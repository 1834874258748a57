import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBrowser } from './browser.mjs';

// Nothing here may import a package: this runs before there are any.

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Prints what is being done now. */
export const say = (line) => console.log(`» ${line}`);

/** Installs what package-lock.json names, unless it is there already. */
export function installDependencies() {
  if (isInstalled()) return;
  say('Installing dependencies from the npm registry (npm ci) ...');
  run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'npm ci failed: see above');
}

/** npm notes in node_modules what it has put there, once it is through: an interrupted installation counts as none. */
function isInstalled() {
  const noted = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(noted)) return false;
  const [wanted, there] = [join(root, 'package-lock.json'), noted].map(
    (file) => JSON.parse(readFileSync(file, 'utf8')).packages,
  );
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) =>
      !path.startsWith('node_modules/') || optional || link || there[path]?.version === version,
  );
}

/**
 * A browser for tests and recipes: the one that is there, or else Debian's for root, or else the build that npm carries.
 * @returns {string} its path; `findBrowser()` finds it from now on.
 */
export function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  say('No Chromium or Chrome in PATH, and CHROME_PATH is not set.');
  const made = (process.getuid?.() === 0 && installWithApt()) || installFromNpm();
  if (!made) throw new Error('No browser could be installed: install Chromium or Chrome, or set CHROME_PATH to one.');
  process.env.CHROME_PATH = made;
  return made;
}

function installWithApt() {
  if (spawnSync('apt-get', ['--version']).status !== 0) return undefined;
  say('Installing Chromium with apt-get ...');
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  spawnSync('apt-get', ['update', '-qq'], options);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
  const found = findBrowser();
  return found && runs(found) ? found : undefined; // Ubuntu's package is an empty one that points to a snap
}

/** A headless Chromium for Linux x64, whole inside one npm package together with the libraries that it needs. */
const carried = '@sparticuz/chromium@147.0.0';

function installFromNpm() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = join(root, '.cache/chromium');
  say(`Installing ${carried} from the npm registry into .cache/chromium ...`);
  mkdirSync(join(folder, 'files'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  run(
    npm,
    ['install', '--no-audit', '--no-fund', '--loglevel=error', carried],
    'npm install failed: see above',
    folder,
  );

  // It unpacks into the temporary folder, and its libraries only on a machine that looks like Amazon's.
  const unpack = "import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())";
  const env = { ...process.env, TMPDIR: join(folder, 'files'), AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
  if (spawnSync(process.execPath, ['-e', unpack], { cwd: folder, env, stdio: 'inherit' }).status !== 0)
    return undefined;

  // Its own font configuration looks for /tmp/fonts, and without any font a page with text crashes.
  const fonts = ['/usr/share/fonts', join(folder, 'files/fonts')].map((path) => `<dir>${path}</dir>`).join('');
  const cache = `<cachedir>${join(folder, 'files/fonts-cache')}</cachedir>`;
  writeFileSync(join(folder, 'files/fonts.conf'), `<fontconfig>${fonts}${cache}</fontconfig>\n`);

  const start = join(folder, 'chromium');
  const script = `#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)/files
export FONTCONFIG_FILE="$here/fonts.conf" LD_LIBRARY_PATH="$here/al2023/lib:$LD_LIBRARY_PATH"
exec "$here/chromium" "$@"
`;
  writeFileSync(start, script, { mode: 0o755 });
  return runs(start) ? start : undefined;
}

function runs(browser) {
  const { status, stderr, error } = spawnSync(browser, ['--version'], { timeout: 60_000 });
  if (status !== 0)
    say(
      `${browser} does not run here: ${String(error ?? stderr)
        .trim()
        .split('\n')
        .at(-1)}`,
    );
  return status === 0;
}

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

function run(command, args, failure, cwd = root) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(failure, { cause: error });
}
