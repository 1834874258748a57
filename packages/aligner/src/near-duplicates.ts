import { random, type Breathe, type Embeddings } from '@cognate/core';
import { multiply } from './algebra/matrix.ts';
import { centred } from './pairs.ts';

/**
 * Cosine of centred rows from which two rows are one thing told twice. Different things come this near only by their
 * name: clock faces of two image encoders, an hour apart, reach 0.993; reports that differ by a full stop start at 0.995.
 */
export const alike = 0.995;

/** Beyond this number of rows comparing all with all takes too long: there only rows that agree in every number count. */
const mostRows = 10_000;

/** Numbers of the sketch that rows are compared by first. */
const sketched = 32;

/** Sketches are off by a quarter or so: rows under this multiple of the wanted distance are compared in full. */
const slack = 4;

/**
 * Pairs of rows that are alike. None where so few dimensions vary that rows would be alike by chance.
 * @returns indices of two rows each, the earlier first.
 * @see Johnson and Lindenstrauss 1984, Extensions of Lipschitz Mappings into a Hilbert Space, for the sketch.
 */
export async function nearDuplicates(points: Embeddings, breathe: Breathe): Promise<[number, number][]> {
  const { rows, cols, data } = centred(points);
  if (rows > mostRows || byChance(data, rows, cols) * rows * rows > 2) return [];
  const { normal } = random(1);
  const scale = 1 / Math.sqrt(sketched);
  const axes = {
    rows: cols,
    cols: sketched,
    data: Float64Array.from({ length: cols * sketched }, () => scale * normal()),
  };
  const sketch = Float32Array.from(multiply({ rows, cols, data }, axes).data);
  const limit = slack * 2 * (1 - alike);
  const found: [number, number][] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) {
      let distance = 0;
      for (let k = 0; k < sketched && distance < limit; k++) {
        distance += (sketch[i * sketched + k]! - sketch[j * sketched + k]!) ** 2;
      }
      if (distance < limit && cosine(data, i * cols, j * cols, cols) >= alike) found.push([i, j]);
    }
    if (i % 64 === 0) await breathe();
  }
  return found;
}

/**
 * The chance that two rows of no relation are alike: that of random directions in as many dimensions as the cosines of
 * some rows, taken at random, speak for.
 */
function byChance(data: Float32Array, rows: number, cols: number): number {
  const draw = random(2);
  let squares = 0;
  const looks = 2000;
  for (let look = 0; look < looks; look++) {
    const i = draw.below(rows);
    const j = (i + 1 + draw.below(rows - 1)) % rows;
    squares += cosine(data, i * cols, j * cols, cols) ** 2 / looks;
  }
  const dims = 1 / squares;
  // The cap of angle a around a direction holds about sin(a)^(d - 1) / 2 of the sphere; never less than that much.
  return 0.5 * (1 - alike ** 2) ** ((dims - 1) / 2);
}

function cosine(data: Float32Array, a: number, b: number, cols: number): number {
  let sum = 0;
  for (let k = 0; k < cols; k++) sum += data[a + k]! * data[b + k]!;
  return sum;
}
