import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const script = join(import.meta.dirname, '../../bench/peers/peer.py');

/**
 * Starts `bench/peers/peer.py` with `$COGNATE_PYTHON`, else `python3`, and waits until it is warm.
 * @returns {Promise<{ peer: { url: string, numpy: string | null, torch: string | null } | { missing: string }, close(): void }>}
 * `missing` says why there is none.
 */
export async function startPythonPeer(python = process.env.COGNATE_PYTHON || 'python3') {
  const child = spawn(python, [script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout });
  const ready = await new Promise((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('exit', () => resolve(undefined));
    lines.once('line', (line) => resolve(JSON.parse(line)));
  });
  const close = () => child.kill();
  if (!ready) return { peer: { missing: `${python} does not run` }, close };
  const { port, numpy, torch } = ready;
  return { peer: { url: `http://127.0.0.1:${port}`, numpy, torch, python }, close };
}
