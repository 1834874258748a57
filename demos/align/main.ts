import '@cognate/elements';
import { fillTray } from '../shared/samples.ts';

// Elements that share a base URL share workers and alignment: what is trained above is walked across below.
fillTray(document.querySelector('.tray')!, '../');
