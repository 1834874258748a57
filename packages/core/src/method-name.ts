const names: Readonly<Record<string, string>> = {
  asif: 'Likeness to known pairs',
  cca: 'Canonical correlation',
  contrastive: 'Contrastive learning',
  csa: 'Canonical similarity',
  fused: 'Several methods together',
  identity: 'No map',
  kernel: 'Kernel regression',
  procrustes: 'Rotation',
  relative: 'Relative positions',
  ridge: 'Ridge regression',
  sigmoid: 'Contrastive learning, pair by pair',
};

/** What a method of alignment is called among people; its own name where it has none. */
export function methodName(method: string): string {
  return names[method] ?? method;
}
