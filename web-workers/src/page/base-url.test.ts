import { expect } from '@open-wc/testing';
import { baseOfScript } from './base-url.ts';

describe('baseOfScript()', () => {
  it('finds the site wherever it is put', () => {
    for (const site of ['https://a.example/', 'https://a.example/some/path/', 'http://localhost:8080/assets/']) {
      expect(baseOfScript(`${site}assets/demos/home/main.js`)).to.equal(site);
      expect(baseOfScript(`${site}assets/chunks/chunk-ABC.js`)).to.equal(site);
    }
  });

  it('takes the folder above for a script of another site', () => {
    expect(baseOfScript('https://a.example/js/cognate.js?v=1')).to.equal('https://a.example/');
  });
});
