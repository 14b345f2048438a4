// How `git diff` is called here, whatever is compared.

/** The names of drivers come from the agent's .gitattributes; none of ours is defined, and none may run anyway. */
export const DIFF = ['diff', '--no-color', '--no-ext-diff', '--no-textconv', '--ignore-submodules=all'];
