import { loadAlignment } from '@cognate/aligner';
import { methodName, type Embeddings, type Progress } from '@cognate/core';
import { connect, type Cognate, type FitResult } from '@cognate/web-workers';
import { expect } from '@open-wc/testing';
import { cognateError, rejection } from './helpers.ts';
import { pairs } from './training-page.ts';

/** What a page can ask of alignment files, through the built workers. */
describe('an alignment file', () => {
  const { source, target } = pairs(60);
  const elsewhere: Embeddings = { ...pairs(60, 8).target, space: { ...target.space, id: 'elsewhere@1' } };
  let cognate: Cognate;
  let fitted: FitResult;
  before(async () => {
    cognate = await connect({ baseUrl: '/' });
    fitted = await cognate.fit(source, target, { method: 'procrustes' });
  });
  after(() => cognate[Symbol.asyncDispose]());

  it('maps points as it does at hand: to the other side, back, and to where both meet', async () => {
    const local = loadAlignment(fitted.alignment);
    expect(await cognate.forward(fitted.alignment, source)).to.deep.equal(local.forward(source));
    expect(await cognate.backward(fitted.alignment, target)).to.deep.equal(local.backward(target));
    expect(await cognate.project(fitted.alignment, target)).to.deep.equal(local.project(target));
    const many = pairs(700).source;
    expect(await cognate.forward(fitted.alignment, many)).to.deep.equal(local.forward(many));
    expect(await cognateError(cognate.forward(fitted.alignment, target))).to.include({ code: 'space-mismatch' });
    expect(await cognateError(cognate.forward(fitted.alignment.slice(9), source))).to.include({ code: 'file-format' });
  });

  it('is inverted', async () => {
    const { alignment, report } = await cognate.invert(fitted.alignment);
    expect(await cognate.forward(alignment, target)).to.deep.equal(await cognate.backward(fitted.alignment, target));
    expect(report.forward).to.deep.equal(fitted.report.backward);
  });

  it('is composed with others', async () => {
    const onwards = await cognate.fit(elsewhere, target, { method: 'procrustes' });
    const heldOut = { source, target: elsewhere };
    const chain = await cognate.compose([fitted.alignment, onwards.alignment], { heldOut });
    expect(chain.report.chain).to.have.length(2);
    expect(chain.report.heldOutPairs).to.equal(60);
    expect((await cognate.forward(chain.alignment, source)).space).to.deep.equal(elsewhere.space);
    expect(await cognateError(cognate.compose([fitted.alignment]))).to.include({ code: 'invalid-input' });
  });

  it('tells what comes back of points that are sent there', async () => {
    const { cosines, cosine, points } = await cognate.cycle(fitted.alignment, source);
    expect([cosines.length, points]).to.deep.equal([60, 60]);
    expect(cosine).to.be.within(0.5, 1.0001);
  });

  it('becomes an ONNX file of either direction', async () => {
    const there = await cognate.exportOnnx(fitted.alignment);
    const back = await cognate.exportOnnx(fitted.alignment, { from: 'target' });
    expect(there).to.be.instanceOf(Uint8Array);
    expect(back).not.to.deep.equal(there);
  });

  it('has a report that reads as a document', async () => {
    const document = await cognate.reportMarkdown(fitted.report, { source: 'here', target: 'there' });
    expect(document).to.match(/^# here to there: (pass|caution|fail)\n/);
    expect(document).to.include(methodName(fitted.report.method));
  });

  it('can be foreseen, unless told to stop', async () => {
    const heard: Progress[] = [];
    const { outlook, pairs: count } = await cognate.forecast(source, target, { onProgress: (p) => heard.push(p) });
    expect([outlook, count]).to.deep.equal(['good', 60]);
    expect(heard.map(({ phase }) => phase)).to.include('report');
    const controller = new AbortController();
    const call = cognate.forecast(source, target, { signal: controller.signal });
    controller.abort('enough');
    expect(await rejection(call)).to.equal('enough');
  });

  it('is gone on from when pairs were added', async () => {
    const more = pairs(240);
    const options = { method: 'contrastive', steps: 20, hidden: 8, seed: 1 } as const;
    const { alignment } = await cognate.fit(pairs(210).source, pairs(210).target, options);
    const anew = await cognate.fit(more.source, more.target, options);
    const on = await cognate.fit(more.source, more.target, { ...options, from: alignment });
    expect(on.report.trainPairs).to.equal(anew.report.trainPairs);
    expect(on.alignment).not.to.deep.equal(anew.alignment);
    expect(await cognateError(cognate.fit(source, elsewhere, { ...options, from: alignment }))).to.include({
      code: 'space-mismatch',
    });
  });
});
