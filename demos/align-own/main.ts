import '@cognate/elements/align';
import { examples } from './examples.ts';

const align = document.querySelector('cognate-align')!;
const told = align.querySelector('[role=status]')!;

for (const button of align.querySelectorAll<HTMLButtonElement>('[data-example]')) {
  const example = examples[button.dataset.example as keyof typeof examples];
  button.addEventListener('click', () => {
    told.textContent = '';
    example()
      .then((data) => align.bring(data))
      .catch((error: unknown) => {
        told.textContent = 'That could not be fetched: try again.';
        console.warn('The example could not be fetched.', error);
      });
  });
}
