import { pictureIn } from '@cognate/elements/read-picture';

interface TakesPictures extends HTMLElement {
  read(source: Blob | string): Promise<void>;
}

/** A picture that misses the element would replace the page: give it to the element instead. */
export function dropAnywhere(element: TakesPictures): void {
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const source = event.dataTransfer && pictureIn(event.dataTransfer);
    if (!source) return;
    element.scrollIntoView({ behavior: 'smooth', block: 'center' });
    void element.read(source);
  });
}
