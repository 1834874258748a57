import { expect, waitUntil } from '@open-wc/testing';
import { LitElement } from 'lit';
import { Intake } from './intake.ts';

const folder = (name: string, files: readonly string[]): File[] =>
  files.map((each) =>
    Object.defineProperty(new File([], each), 'webkitRelativePath', { value: `${name}/${each}`, configurable: true }),
  );

class Host extends LitElement {}
customElements.define('intake-test-host', Host);

/** Paths of all files that were handed over last. */
function intake() {
  let paths: string[] = [];
  const made = new Intake(new Host(), (data) => {
    paths = (data as readonly File[]).map(({ name, webkitRelativePath }) => webkitRelativePath || name);
  });
  return { made, paths: () => paths };
}

describe('Intake', () => {
  it('tells two folders of one name apart', () => {
    const { made, paths } = intake();
    made.addFiles([...folder('images', ['dog.png', 'cat.png']), ...folder('words', ['dog.txt'])]);
    made.addFiles(folder('images', ['dog.jpg', 'cat.jpg']));
    made.addFiles([new File([], 'dog.csv')]);
    expect(paths()).to.deep.equal([
      'images/dog.png',
      'images/cat.png',
      'words/dog.txt',
      'images (2)/dog.jpg',
      'images (2)/cat.jpg',
      'dog.csv',
    ]);
  });

  it('tells two folders of one name apart that come in one drop', async () => {
    const { made, paths } = intake();
    const entry = (name: string): object => ({
      isFile: false,
      createReader() {
        const left = [
          {
            isFile: true,
            fullPath: `/images/${name}`,
            file: (found: (file: File) => void) => found(new File(['a picture'], name)),
          },
        ];
        return { readEntries: (found: (some: object[]) => void) => found(left.splice(0)) };
      },
    });
    const items = ['dog.png', 'dog.jpg'].map((name) => ({ webkitGetAsEntry: () => entry(name) }));
    made.drop({ dataTransfer: { items, files: [{}, {}] } } as unknown as DragEvent);
    await waitUntil(() => paths().length > 0);
    expect(paths()).to.deep.equal(['images/dog.png', 'images (2)/dog.jpg']);
  });
});
