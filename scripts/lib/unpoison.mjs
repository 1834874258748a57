import { readFile } from 'node:fs/promises';

/**
 * transformers.js chains every session it creates, and every run, behind the one before:
 * `webInitChain = webInitChain.then(load)`. One rejection then rejects all that follow, whatever the model or device.
 * The patch waits for the predecessor to settle instead of to succeed: calls stay in turn, errors stay with their call.
 */
const chained = /\b(webInitChain|webInferenceChain) = \1\.then\((\w+)\)/g;

/** How many links the pinned version has: one for creating a session, one for running it. */
const links = 2;

/** @param {string} file a path or URL. @returns {boolean} whether `unpoison` is meant for it. */
export const isPoisoned = (file) => /@huggingface[\\/]transformers[\\/]dist[\\/]transformers\.web\.js$/.test(file);

/**
 * @param {string} code source of transformers.js' browser build.
 * @returns {string} the same, with both chains going on after a rejection.
 */
export function unpoison(code) {
  let found = 0;
  const patched = code.replace(chained, (_, chain, next) => {
    found++;
    return `${chain} = ${chain}.then(${next}, ${next})`;
  });
  if (found !== links) {
    throw new Error(
      `unpoison() needs ${links} promise chains in transformers.js, found ${found}: look at its new version`,
    );
  }
  return patched;
}

/** The patch as an esbuild plugin. @type {import('esbuild').Plugin} */
export const unpoisonPlugin = {
  name: 'unpoison',
  setup(build) {
    build.onLoad({ filter: /transformers\.web\.js$/ }, async ({ path }) =>
      isPoisoned(path) ? { contents: unpoison(await readFile(path, 'utf8')), loader: 'js' } : undefined,
    );
  },
};
