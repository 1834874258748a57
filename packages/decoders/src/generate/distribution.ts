/** Log probabilities from unnormalised ones. */
export function logSoftmax(logits: Float32Array): Float32Array<ArrayBuffer> {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - most);
  const shift = most + Math.log(sum);
  return Float32Array.from(logits, (value) => value - shift);
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
