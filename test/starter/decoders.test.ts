import { expect } from '@open-wc/testing';
import { normalize, rows, type Embeddings } from '@cognate/core';
import { loadCaptioner, loadPainter, readBank, type Captioner, type Painter } from '@cognate/decoders';
import type { DeviceWish } from '@cognate/runtime';

const options = { baseUrl: '/' };
const loadWriter = (device?: DeviceWish): Promise<Captioner> =>
  loadCaptioner({ model: 'cognate/captioner', device }, options);
const loadArtist = (device?: DeviceWish): Promise<Painter> =>
  loadPainter({ model: 'cognate/painter', device }, options);

/** Things that both models were trained on, by hexcode. */
const things = ['1F436', '1F355', '1F697', '1F333', '1F34E'] as const;

async function pointsOf(bank: string): Promise<Embeddings> {
  const response = await fetch(`/starter/banks/${bank}.safetensors`);
  const { rows: all, items } = readBank(new Uint8Array(await response.arrayBuffer()));
  return normalize(rows(all, things.map((hexcode) => items.indexOf(hexcode)))); // prettier-ignore
}

/** Colours as they are seen, on black. */
const premultiplied = ({ data }: ImageData): number[] =>
  Array.from(data, (value, i) => (i % 4 === 3 ? value : (value * data[i - (i % 4) + 3]!) / 255));

describe('the starter’s captioner', () => {
  it('writes the same on a GPU as on wasm', async () => {
    // The GPU first: the engine of a page that began without GPU support stays without.
    await using gpu = await loadWriter('webgpu-software');
    await using cpu = await loadWriter('wasm');
    const points = rows(await pointsOf('text-en'), [0, 1]);
    for (const language of ['en', 'ja'] as const) {
      const [a, b] = [await gpu.decode(points, { language }), await cpu.decode(points, { language })];
      expect(a.map(({ text }) => text)).to.deep.equal(b.map(({ text }) => text));
    }
  });

  it('translates names that it was trained on', async () => {
    await using captioner = await loadWriter();
    const { names } = (await (await fetch('/starter/names/de.json')).json()) as { names: Record<string, string> };
    const written = await captioner.decode(await pointsOf('text-en'), { language: 'de' });
    const right = things.filter((hexcode, i) => written[i]!.text === names[hexcode]);
    expect(right.length, written.map(({ text }) => text).join(', ')).to.be.at.least(things.length - 1);
  });

  it('writes each point as it would alone, in every language', async () => {
    await using captioner = await loadWriter();
    const points = await pointsOf('text-en');
    for (const language of captioner.languages) {
      const together = await captioner.decode(points, { language });
      const alone = await captioner.decode(rows(points, [2]), { language });
      expect(together[2]!.text).to.equal(alone[0]!.text);
      for (const { text, finished } of together)
        expect([text.length > 0, finished], `${language}: ${text}`).to.deep.equal([true, true]);
    }
  });
});

describe('the starter’s painter', () => {
  it('paints the same on a GPU as on wasm, to 1 of 255', async function () {
    this.timeout(120_000); // a GPU made of software takes seconds a step
    await using gpu = await loadArtist('webgpu-software');
    await using cpu = await loadArtist('wasm');
    const points = rows(await pointsOf('image-noto'), [0]);
    const how = { style: 'twemoji', seed: 3, steps: 1 };
    const [a, b] = [await gpu.decode(points, how), await cpu.decode(points, how)].map(([picture]) =>
      premultiplied(picture!),
    );
    a!.forEach((value, i) => expect(value, `byte ${i}`).to.be.closeTo(b![i]!, 1));
  });

  it('paints the same again to the bit, and in every style another picture', async () => {
    await using painter = await loadArtist('wasm');
    const points = await pointsOf('image-noto');
    const seen: string[] = [];
    for (const style of painter.styles) {
      const pictures = await painter.decode(points, { style, seed: 1 });
      const [again] = await painter.decode(rows(points, [4]), { style, seed: 1 });
      expect([...again!.data]).to.deep.equal([...pictures[4]!.data]);
      seen.push(String(again!.data));
    }
    expect(new Set(seen).size).to.equal(painter.styles.length);
  });

  it('leaves the surroundings transparent and draws something', async () => {
    await using painter = await loadArtist('wasm');
    const points = await pointsOf('image-noto');
    for (const [i, { data }] of (await painter.decode(points)).entries()) {
      const opacities = data.filter((_, at) => at % 4 === 3);
      const covered = opacities.filter((value) => value > 127).length / opacities.length;
      expect(covered, things[i]).to.be.within(0.1, 0.95);
    }
  });
});
