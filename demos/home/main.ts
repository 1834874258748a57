import '@cognate/elements/caption';
import '@cognate/elements/imagine';
import '@cognate/elements/restyle';
import '@cognate/elements/translate';
import { fillTray } from '../shared/samples.ts';
import { dropAnywhere } from '../shared/drop-anywhere.ts';

const caption = document.querySelector('cognate-caption')!;
for (const tray of document.querySelectorAll<HTMLElement>('.tray')) fillTray(tray, './');
dropAnywhere(caption);

// One press and it happens, on the real models.
document
  .querySelector('.go')
  ?.addEventListener('click', () => caption.querySelector<HTMLElement>('.tray button')?.click());

// A picture that came up for a phrase goes down again: what is it called elsewhere?
document.querySelector('cognate-imagine')?.addEventListener('cognate-picked', ({ detail }) => {
  caption.scrollIntoView({ behavior: 'smooth', block: 'center' });
  void caption.read(new Blob([detail.svg], { type: 'image/svg+xml' }));
});
