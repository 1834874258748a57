/** Log probabilities from unnormalised ones. */
export function logSoftmax(logits: Float32Array): Float32Array<ArrayBuffer> {
  const shift = logSumExp(logits);
  const out = new Float32Array(logits.length);
  for (let i = 0; i < out.length; i++) out[i] = logits[i]! - shift;
  return out;
}

/** Further below the likeliest, a token adds less than 2e-9 to the sum, and costs as much time as any. */
const negligible = -20;

/** What unnormalised log probabilities are above normalised ones. @param best where the largest stands. */
export function logSumExp(logits: Float32Array, best = largest(logits)): number {
  const most = logits[best]!;
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    const below = logits[i]! - most;
    if (below > negligible) sum += Math.exp(below);
  }
  return most + Math.log(sum);
}

/** Where the largest value stands; of equals the first. */
export function largest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** The same distribution, sharper (temperature under 1) or flatter (over 1). */
export function logTemperature(logits: Float32Array, temperature: number): Float32Array<ArrayBuffer> {
  return logSoftmax(Float32Array.from(logits, (value) => value / temperature));
}

/**
 * Draws one of the likeliest tokens that together hold the probability `topP`.
 * @param chances log probabilities. @param at uniform in [0, 1).
 * @see Holtzman et al. 2020, The Curious Case of Neural Text Degeneration, arXiv:1904.09751.
 */
export function nucleus(chances: Float32Array, topP: number, at: number): number {
  if (topP >= 1) return drawn(chances, at);
  const order = Array.from(chances, (_, i) => i).sort((a, b) => chances[b]! - chances[a]! || a - b);
  const kept: number[] = [];
  let mass = 0;
  for (const token of order) {
    kept.push(token);
    mass += Math.exp(chances[token]!);
    if (mass >= topP) break;
  }
  let left = at * mass;
  for (const token of kept) {
    left -= Math.exp(chances[token]!);
    if (left < 0) return token;
  }
  return kept.at(-1)!;
}

/** One of all tokens, which then need no order: sorting a vocabulary takes longer than the model does. */
function drawn(chances: Float32Array, at: number): number {
  let left = at;
  for (let token = 0; token < chances.length; token++) {
    left -= Math.exp(chances[token]!);
    if (left < 0) return token;
  }
  return largest(chances);
}
