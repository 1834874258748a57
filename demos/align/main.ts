import '@cognate/elements/align';
import '@cognate/elements/caption';
import '@cognate/elements/imagine';
import { fillTray } from '../shared/samples.ts';

// All elements of a page share workers and alignment: what is trained above is walked across below.
fillTray(document.querySelector('.tray')!, '../');

// Two megabytes for those who want to know.
const shipped = document.querySelector<HTMLDetailsElement>('.shipped')!;
shipped.addEventListener('toggle', () => {
  shipped.querySelector('cognate-report')!.src = '../starter/alignments/text-image.safetensors';
});
