import type { CognateCaption } from '@cognate/elements/caption';
import { pictureIn } from '@cognate/elements/read-picture';

/** A picture that misses the element would replace the page: give it to the element instead. */
export function dropAnywhere(caption: CognateCaption): void {
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const source = event.dataTransfer && pictureIn(event.dataTransfer);
    if (!source) return;
    caption.scrollIntoView({ behavior: 'smooth', block: 'center' });
    void caption.read(source);
  });
}
