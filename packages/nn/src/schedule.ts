/**
 * Learning rate at `step` (from 0): a linear rise to `peak` over `warmup` steps, then half a cosine down to
 * `peak * floor` at `steps`.
 */
export function warmupCosine(
  step: number,
  {
    peak,
    warmup,
    steps,
    floor = 0,
  }: { readonly peak: number; readonly warmup: number; readonly steps: number; readonly floor?: number },
): number {
  if (step < warmup) return (peak * (step + 1)) / warmup;
  const done = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * done)));
}
