import { expect } from '@open-wc/testing';
import { fromBase64 } from '../../../test/helpers/bytes.ts';
import { picked, read, shown } from '../../../test/helpers/data-in.ts';
import { failure } from '../../../test/helpers/failure.ts';
import { openFolder, type FolderLimits } from './folder.ts';
import { type PairsOptions } from './pairs.ts';

describe('openFolder()', () => {
  interface Golden {
    readonly escaping: string;
    readonly bomb: string;
    readonly zips: readonly { readonly file: string }[];
  }
  let golden: Golden;
  before(async () => {
    golden = (await (await fetch('/test/golden/data.json')).json()) as Golden;
  });
  const zip = (file: string): File => new File([fromBase64(file)], 'x.zip');

  it('names paths that lead out of the archive, and opens the rest', async () => {
    const { files, problems } = await openFolder(zip(golden.escaping));
    expect(files.map(({ path }) => path)).to.deep.equal(['fine.png']);
    expect(problems.listed.map(({ file }) => file)).to.deep.equal(['../up.png', '/root.png']);
  });

  it('keeps to its limits', async () => {
    const open = (limits: FolderLimits): Promise<string> => failure(() => openFolder(zip(golden.bomb), limits));
    expect(await open({ maxBytes: 4_000_000 })).to.equal(
      'invalid-input: openFolder() takes at most 4 MiB unpacked, and x.zip holds more',
    );
    expect(await open({ maxFiles: 1 })).to.equal(
      'invalid-input: openFolder() takes at most 1 files, and x.zip holds more',
    );
    expect(await open({})).to.equal('none');
  });

  it('stops at a file that unpacks to more than the archive told', async () => {
    const bytes = fromBase64(golden.bomb);
    const view = new DataView(bytes.buffer);
    // The size in the local header and in the directory of the first file.
    for (let i = 0; i < bytes.length - 4; i++) if (view.getUint32(i, true) === 8_000_000) view.setUint32(i, 5, true);
    const { files } = await openFolder(new File([bytes], 'x.zip'));
    expect(await failure(() => files[0]!.blob())).to.equal('file-format: “big.png” in x.zip is damaged');
    expect((await files[1]!.blob()).size).to.be.above(50);
  });

  it('tells a damaged file and a damaged archive', async () => {
    const bytes = fromBase64(golden.zips[1]!.file);
    const at = new TextDecoder('latin1').decode(bytes).indexOf('IDAT');
    bytes[at + 6]! ^= 1;
    const { files } = await openFolder(new File([bytes], 'x.zip'));
    const found = await Promise.all(files.map((file) => failure(() => file.blob())));
    expect(found.filter((each) => each !== 'none').length).to.equal(1);
    expect(await failure(() => openFolder(new File([bytes.slice(0, -40)], 'x.zip')))).to.equal(
      'file-format: x.zip is no zip, or a damaged one',
    );
  });

  it('does not unpack what shrank as no data do', async () => {
    const bytes = fromBase64(golden.bomb);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < bytes.length - 4; i++)
      if (view.getUint32(i, true) === 8_000_000) view.setUint32(i, 2 ** 30, true);
    const { files } = await openFolder(new File([bytes], 'x.zip'));
    expect(await failure(() => files[0]!.blob())).to.match(/^file-format: .* a bomb: 1024 MiB packed into \d+ bytes$/);
  });

  it('tells what is packed by another method, and reads a file that seems to be a folder', async () => {
    const bytes = fromBase64(golden.bomb);
    const view = new DataView(bytes.buffer);
    const directory = bytes.findIndex((_, i) => i + 4 < bytes.length && view.getUint32(i, true) === 0x02014b50);
    view.setUint16(directory + 10, 12, true);
    const { files } = await openFolder(new File([bytes], 'x.zip'));
    expect(await failure(() => files[0]!.blob())).to.equal(
      'file-format: “big.png” in x.zip is compressed by method 12 of zip: pack it anew by Deflate',
    );
    view.setUint8(directory + 38, 0x10);
    const again = await openFolder(new File([bytes], 'x.zip'));
    expect(again.files.map(({ path }) => path)).to.deep.equal(['big.png', 'small.png']);
  });

  it('takes paths that begin with a dot for the same without', async () => {
    const { files, problems } = await openFolder([picked('./a/b.png'), picked('./c.png'), picked('d/./e.png')]);
    expect(files.map(({ path }) => path)).to.deep.equal(['a/b.png', 'c.png']);
    expect(problems.listed.map(({ file }) => file)).to.deep.equal(['d/./e.png']);
  });

  it('walks through the handle of a directory', async () => {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry('pairs-test', { recursive: true }).catch(() => undefined);
    const top = await root.getDirectoryHandle('pairs-test', { create: true });
    const inner = await top.getDirectoryHandle('birds', { create: true });
    for (const [folder, name] of [
      [inner, 'a robin.png'],
      [inner, '.DS_Store'],
      [top, 'an owl.png'],
    ] as const) {
      const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await writable.write(name);
      await writable.close();
    }
    const pairs = await read(top);
    expect(shown(pairs)).to.deep.equal([
      ['an owl.png', 'an owl'],
      ['birds/a robin.png', 'a robin'],
    ]);
    await root.removeEntry('pairs-test', { recursive: true });
  });

  it('stops with the reason of an abort', async () => {
    const options: PairsOptions = { signal: AbortSignal.abort(new Error('enough')) };
    const opening = openFolder([picked('a/b.png')], options);
    expect(await opening.catch((error: Error) => error.message)).to.equal('enough');
  });
});
