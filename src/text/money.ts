// Dollars: `$7.90` as reported, `≈$0.84` where it is an estimate.

/** `$7.90`; below a cent `$0.004`; what would round to nothing is `<$0.001`. Negative counts as 0. */
export function formatUsd(costUsd: number): string {
  const cost = Math.max(0, costUsd);
  if (cost === 0) return '$0.00';
  if (cost < 0.0005) return '<$0.001';
  return `$${cost.toFixed(cost < 0.0095 ? 3 : 2)}`;
}

/** The same marked as an estimate: `≈$0.84`. */
export function formatEstimatedUsd(costUsd: number): string {
  return `≈${formatUsd(costUsd)}`;
}
