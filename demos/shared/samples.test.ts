import { expect } from '@open-wc/testing';
import { fillTray } from './samples.ts';

describe('fillTray()', () => {
  const tray = document.createElement('div');
  fillTray(tray, './');
  const addresses = (): string[] => [...tray.querySelectorAll('img')].map((image) => image.getAttribute('src')!);

  it('puts pictures at hand, each a button with a name', () => {
    const buttons = [...tray.querySelectorAll('button')];
    expect(buttons).to.have.length(12);
    expect(buttons.map((button) => button.querySelector('img')!.alt)).to.include('sailboat');
    expect(addresses()[0]).to.equal('./starter/pictures/samples/noto/1F3B8.svg');
  });

  it('draws them anew in the style that is chosen', () => {
    const openmoji = tray.querySelector<HTMLInputElement>('input[value=openmoji]')!;
    openmoji.checked = true;
    openmoji.dispatchEvent(new Event('change', { bubbles: true }));
    expect(addresses().every((address) => address.includes('/openmoji/'))).to.be.true;
  });
});
