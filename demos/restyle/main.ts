import '@cognate/elements/restyle';
import { dropAnywhere } from '../shared/drop-anywhere.ts';
import { fillTray } from '../shared/samples.ts';

const restyle = document.querySelector('cognate-restyle')!;
fillTray(restyle.querySelector('.tray')!, '../');
dropAnywhere(restyle);
