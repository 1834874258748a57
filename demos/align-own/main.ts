import '@cognate/elements/align';
import { examples } from './examples.ts';

const align = document.querySelector('cognate-align')!;
const told = align.querySelector('[role=status]')!;

/** Counts what the visitor does: an example that arrives after they have gone on is not wanted any more. */
let actions = 0;

function act(event: Event): void {
  const isControl = (each: EventTarget): boolean =>
    each instanceof Element && each.matches('button, input, select, textarea, label, summary');
  if (event.type === 'click' && !event.composedPath().some(isControl)) return;
  actions++;
  told.textContent = '';
}

for (const type of ['click', 'input', 'drop', 'paste']) align.addEventListener(type, act, true);

for (const button of align.querySelectorAll<HTMLButtonElement>('[data-example]')) {
  const example = examples[button.dataset.example as keyof typeof examples];
  button.addEventListener('click', () => {
    const action = actions;
    told.textContent = 'Fetching …';
    example()
      .then((data) => {
        if (action !== actions) return;
        told.textContent = '';
        return align.bring(data);
      })
      .catch((error: unknown) => {
        console.warn('The example could not be fetched.', error);
        if (action === actions) told.textContent = 'That could not be fetched: try again.';
      });
  });
}
