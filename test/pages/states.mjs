/** In the page: presses a button of an element, and waits for what follows. */
const press = (page, selector) =>
  page.evaluate((each) => document.querySelector('cognate-align').shadowRoot.querySelector(each).click(), selector);
const appears = (page, selector) =>
  page.waitForFunction(
    (each) => document.querySelector('cognate-align').shadowRoot.querySelector(each) !== null,
    { timeout: 180_000 },
    selector,
  );

/** What was asked for is written or painted, and said aloud. */
const settles = (page, tag) =>
  page.waitForFunction(
    (element) => {
      const { shadowRoot } = document.querySelector(element);
      const made = shadowRoot.querySelector('canvas, [part=written], [part=note]');
      return made !== null && shadowRoot.querySelector('[role=status]').textContent.trim() !== '';
    },
    { timeout: 180_000 },
    tag,
  );
const typed = (tag, phrase) => async (page) => {
  await page.$eval(tag, (element, value) => (element.phrase = value), phrase);
  await settles(page, tag);
};
const sampled = (tag) => async (page) => {
  await page.click(`${tag} .pictures button:nth-child(7)`);
  await settles(page, tag);
};

/** What a visitor comes to see of a page, one state after the other, and the way to each. */
export const states = {
  'caption/': { done: sampled('cognate-caption') },
  'imagine/': { done: typed('cognate-imagine', 'rocket'), doubt: typed('cognate-imagine', 'quarterly tax return') },
  'translate/': { done: typed('cognate-translate', 'birthday cake') },
  'restyle/': { done: sampled('cognate-restyle') },
  'blend/': { done: (page) => settles(page, 'cognate-blend') },
  'align-own/': {
    async read(page) {
      await page.click('[data-example=styles]');
      await appears(page, '.train');
    },
    async busy(page) {
      await press(page, '.train');
      await appears(page, '[part=forecast]');
    },
    async done(page) {
      await appears(page, '[part=translator]');
      await press(page, '.translator .chip img');
      await appears(page, '[part=result]');
    },
  },
};
