import '@cognate/elements/caption';
import { dropAnywhere } from '../shared/drop-anywhere.ts';
import { fillTray } from '../shared/samples.ts';

const caption = document.querySelector('cognate-caption')!;
fillTray(caption.querySelector('.tray')!, '../');
dropAnywhere(caption);
