/**
 * The folder of the built site that holds the running script, from the script's address: the built site keeps scripts
 * in `assets/`, at some depth, beside `workers/`, `ort/` and `starter/`. A script that lies elsewhere has them one
 * folder up.
 */
export function baseOfScript(script: string): string {
  const at = script.lastIndexOf('/assets/');
  return at < 0 ? new URL('../', script).href : script.slice(0, at + 1);
}
