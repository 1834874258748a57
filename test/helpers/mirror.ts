/**
 * The reference models, as another host serves them: the same files under another origin, by a template, since they lie
 * there without the hub's revisions. Undefined where the models are absent; tests that want them skip then.
 */
export const mirror: string | undefined = (globalThis as { cognateFixtures?: boolean }).cognateFixtures
  ? `${location.origin.replace('localhost', '127.0.0.1')}/fixtures/models/{model}/`
  : undefined;

/** Says why, and skips, where the reference models are absent. Call in `before`. */
export function needMirror(context: Mocha.Context): asserts context {
  if (mirror) return;
  console.log('skipped: the reference models are not here (set COGNATE_FIXTURES)');
  context.skip();
}
