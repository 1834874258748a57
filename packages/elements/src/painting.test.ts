import { expect, fixture } from '@open-wc/testing';
import { fakePicture } from './fake-cognate.ts';
import { canvasView } from './painting.ts';

/** Opaque on the left, nothing on the right. */
function half(): ImageData {
  const picture = fakePicture(1);
  for (let at = 3; at < picture.data.length; at += 4) if ((at >> 2) % picture.width >= 32) picture.data[at] = 0;
  return picture;
}

describe('canvasView()', () => {
  it('scales a painting up without a haze around it', async () => {
    const canvas = await fixture<HTMLCanvasElement>(canvasView(half(), 'half'));
    const { data } = canvas.getContext('2d')!.getImageData(0, 128, canvas.width, 1);
    const alphas = Array.from({ length: canvas.width }, (_, x) => data[4 * x + 3]!);
    expect(alphas.slice(0, 120).every((alpha) => alpha === 255)).to.be.true;
    expect(alphas.slice(136).every((alpha) => alpha === 0)).to.be.true;
    // A pixel of the picture is four of the canvas.
    expect(alphas.filter((alpha) => alpha > 0 && alpha < 255).length).to.be.lessThan(4);
  });

  it('says what it shows, or leaves that to what stands beside it', async () => {
    const named = await fixture<HTMLCanvasElement>(canvasView(fakePicture(1), 'a fox, painted'));
    await expect(named).to.be.accessible();
    expect(named.ariaLabel).to.equal('a fox, painted');
    expect((await fixture<HTMLCanvasElement>(canvasView(fakePicture(1), ''))).ariaHidden).to.equal('true');
  });
});
