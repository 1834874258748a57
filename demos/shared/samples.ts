/** Drawing styles with pictures at hand; no model was trained on the last. */
const styles = [
  ['noto', 'Noto'],
  ['twemoji', 'Twemoji'],
  ['fluent-flat', 'Fluent'],
  ['openmoji', 'OpenMoji'],
] as const;

const samples = {
  '1F3B8': 'guitar',
  '1F335': 'cactus',
  '1F680': 'rocket',
  '1F6B2': 'bicycle',
  '1F355': 'pizza',
  '26F5': 'sailboat',
  '1F98A': 'fox',
  '1F308': 'rainbow',
  '1F419': 'octopus',
  '1F3F0': 'castle',
  '1F41D': 'honeybee',
  '1F344': 'mushroom',
};

/** Each tray has radio buttons of its own. */
let trays = 0;

/** Fills `tray` with pictures to try, as buttons that elements read from their slot, and a choice of style. */
export function fillTray(tray: HTMLElement, baseUrl: string): void {
  trays++;
  const choices = styles.map(([id, name], i) => {
    const label = document.createElement('label');
    const input = Object.assign(document.createElement('input'), {
      type: 'radio',
      name: `sample-style-${trays}`,
      value: id,
      checked: i === 0,
    });
    label.append(input, name);
    return label;
  });
  const images = Object.entries(samples).map(([hexcode, name]) => {
    const image = Object.assign(document.createElement('img'), { alt: name, loading: 'lazy', width: 36, height: 36 });
    image.dataset.hexcode = hexcode;
    return image;
  });
  const buttons = images.map((image) => {
    const button = Object.assign(document.createElement('button'), { type: 'button', title: image.alt });
    button.append(image);
    return button;
  });
  const draw = (style: string): void => {
    for (const image of images) image.src = `${baseUrl}starter/pictures/samples/${style}/${image.dataset.hexcode}.svg`;
  };

  const chooser = document.createElement('div');
  chooser.className = 'styles';
  chooser.append(Object.assign(document.createElement('span'), { textContent: 'Drawn by' }));
  chooser.role = 'radiogroup';
  chooser.ariaLabel = 'Drawing style of the pictures to try';
  chooser.append(...choices);
  chooser.addEventListener('change', (event) => draw((event.target as HTMLInputElement).value));
  const pictures = document.createElement('div');
  pictures.className = 'pictures';
  pictures.append(...buttons);
  tray.append(pictures, chooser);
  draw(styles[0][0]);
}
