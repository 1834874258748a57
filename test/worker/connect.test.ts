import { connect } from '@cognate/web-workers';
import { expect } from '@open-wc/testing';
import { cognateError, rejection, watchWorkers } from './helpers.ts';

describe('connect()', () => {
  it('starts and fetches nothing by itself', async () => {
    using workers = watchWorkers();
    const cognate = await connect({ baseUrl: '/nowhere/' });
    expect(cognate.languages.map(({ code }) => code)).to.include('fr');
    expect(cognate.styles.map(({ id }) => id)).to.include('noto');
    expect(workers.made).to.have.length(0);
    await cognateError(cognate.encoder('text'));
    expect(workers.made).to.have.length(1);
    await cognate[Symbol.asyncDispose]();
  });

  it('rejects with a sentence where no workers are', async () => {
    const cognate = await connect({ baseUrl: 'no/where' });
    const request = { from: 'text', to: 'text', language: 'de' } as const;
    const failures = [
      await cognateError(cognate.encoder('text')),
      await cognateError(cognate.translator(request)),
      await cognateError(cognate.starterPairs()),
    ];
    for (const { code, message } of failures) {
      expect(code).to.equal('worker-failed');
      expect(message).to.equal('The inference worker could not be loaded: its script is missing or unreachable');
    }
    const points = { space: { id: 'a', dim: 1, normalized: false }, count: 1, data: new Float32Array(1) };
    expect((await cognateError(cognate.fit(points, points))).message).to.match(
      /^The training worker could not be loaded/,
    );
    await cognate[Symbol.asyncDispose]();
  });

  it('rejects an aborted call with the reason, and makes no worker for it', async () => {
    const cognate = await connect({ baseUrl: '/nowhere/' });
    const signal = AbortSignal.abort('not now');
    expect(await rejection(cognate.encoder('image', { signal }))).to.equal('not now');
    expect(await rejection(cognate.starterPairs({}, { signal }))).to.equal('not now');
    await cognate[Symbol.asyncDispose]();
  });

  it('rejects every call after its release', async () => {
    const cognate = await connect({ baseUrl: '/nowhere/' });
    await cognate[Symbol.asyncDispose]();
    expect((await cognateError(cognate.encoder('text'))).code).to.equal('disposed');
    expect((await cognateError(cognate.starterPairs())).code).to.equal('disposed');
  });
});
