const names: Readonly<Record<string, string>> = {
  asif: 'Likeness to known pairs',
  chain: 'Alignments in a chain',
  contrastive: 'Contrastive learning',
  csa: 'Canonical similarity',
  identity: 'Centring alone',
  kernel: 'Kernel canonical similarity',
  procrustes: 'Rotation',
  relative: 'Relative positions',
  ridge: 'Ridge regression',
  unpaired: 'Matching of shapes',
};

/** What a method of alignment is called among people; its own name where it has none. */
export function methodName(method: string): string {
  return names[method] ?? method;
}
