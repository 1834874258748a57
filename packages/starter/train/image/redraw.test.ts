import { expect } from '@open-wc/testing';
import type { Drawing } from '../data/drawings.ts';
import { redraw } from './redraw.ts';

const drawing: Drawing = {
  body: '<path fill="#fc4" d="M0 0h9"/><path fill="#222222" d="M1 1h2"/>',
  box: [0, 0, 100, 100],
};

describe('redraw()', () => {
  it('puts a line around every shape, as wide as the drawing asks for', () => {
    expect(redraw(drawing, 'outlined').body).to.contain('stroke-width="3.200"').and.to.contain('fill="#fc4"');
    expect(redraw({ ...drawing, box: [0, 0, 10, 10] }, 'thin').body).to.contain('stroke-width="0.180"');
  });

  it('whitens fills but for dark ones, so that eyes stay', () => {
    const { body } = redraw(drawing, 'lines');
    expect(body).to.contain('fill="#fff"').and.to.contain('fill="#222222"').and.not.to.contain('#fc4');
  });
});
