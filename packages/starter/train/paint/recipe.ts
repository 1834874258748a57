import { startEngine } from '@cognate/nn';
import type { RecipeHost } from '../data/recipe-host.ts';
import { initCodec } from './codec.ts';
import { initDenoiser } from './denoiser.ts';
import { publishPainter } from './publish.ts';

export async function main(host: RecipeHost, _options: object): Promise<void> {
  const engine = await startEngine();
  host.log(`${engine.device} ${engine.threads}`);
  const bytes = await publishPainter(
    host,
    { denoiser: initDenoiser(2), decoder: initCodec(1).decoder },
    { steps: 1, guidance: 1 },
  );
  host.log(`${bytes} bytes`);
}
