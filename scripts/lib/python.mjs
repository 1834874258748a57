import { spawnSync } from 'node:child_process';

/**
 * A Python that can import all of `modules`: `$COGNATE_PYTHON`, else `python3`; undefined where there is none. Python
 * serves comparisons with reference implementations, never the product.
 * @param {...string} modules
 */
export function findPython(...modules) {
  const python = process.env.COGNATE_PYTHON ?? 'python3';
  const { status } = spawnSync(python, ['-c', modules.map((name) => `import ${name}`).join('\n')], { stdio: 'ignore' });
  return status === 0 ? python : undefined;
}
