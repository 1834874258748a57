import { expect } from '@open-wc/testing';
import { LitElement } from 'lit';
import { Intake } from './intake.ts';

const folder = (name: string, files: readonly string[]): File[] =>
  files.map((each) =>
    Object.defineProperty(new File([], each), 'webkitRelativePath', { value: `${name}/${each}`, configurable: true }),
  );

/** Paths of all files that were handed over last. */
function intake() {
  let paths: string[] = [];
  class Host extends LitElement {}
  customElements.define('intake-test-host', Host);
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
});
