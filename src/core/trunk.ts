// Branches that nobody's loop pushes to or plans on.

/** Also written in capitals: on some file systems that is the same branch. */
export function isTrunk(branch: string): boolean {
  return /^(?:main|master)$/i.test(branch);
}
