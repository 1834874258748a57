import { expect } from '@open-wc/testing';
import type { KeptFits } from './kept-fits.ts';
import { trainingService } from './training-service.ts';

describe('the training worker', () => {
  it('clears up, at its start, after runs that were cancelled while an earlier one was deaf', async () => {
    const runs = new Map([
      ['cancelled', 'key of the cancelled'],
      ['cut off', 'key of the other'],
    ]);
    const kept = {
      keyOf: async (session: string) => runs.get(session),
      discard: async (key: string) => {
        for (const [session, each] of runs) if (each === key) runs.delete(session);
      },
      unfinished: async () => Array.from(runs.values(), (key) => ({ key })),
    } as unknown as KeptFits;
    const service = trainingService({ cancelled: ['never saved', 'cancelled'] }, kept);
    const unfinished = await service.unfinished(undefined, {});
    expect(unfinished.map(({ key }) => key)).to.deep.equal(['key of the other']);
  });

  it('has no unfinished runs where none can be kept', async () => {
    const refuse = async (): Promise<never> => {
      throw new DOMException('not here', 'SecurityError');
    };
    const kept = { keyOf: refuse, unfinished: refuse } as unknown as KeptFits;
    expect(await trainingService({ cancelled: ['one'] }, kept).unfinished(undefined, {})).to.deep.equal([]);
  });
});
