import '@cognate/elements/align';
import { examples } from './examples.ts';

const align = document.querySelector('cognate-align')!;

for (const button of align.querySelectorAll<HTMLButtonElement>('[data-example]')) {
  const example = examples[button.dataset.example as keyof typeof examples];
  button.addEventListener('click', () => {
    button.disabled = true;
    example()
      .then((data) => align.bring(data))
      .catch((error: unknown) => console.warn('The example could not be fetched.', error))
      .finally(() => (button.disabled = false));
  });
}
