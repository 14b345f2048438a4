// The families of models that have weekly limits of their own beside the account's.

const FAMILIES = ['fable', 'haiku', 'mythos', 'opus', 'sonnet'] as const;

export type ModelFamily = (typeof FAMILIES)[number];

const OWN_LIMIT = new RegExp(`\\b(${FAMILIES.join('|')})(?: [\\d.]+| weekly)? limit\\b`, 'i');

/** The families that a model's name or alias speaks of: `opusplan` of one, `default` of none. */
export function familiesIn(model: string): readonly ModelFamily[] {
  const name = model.toLowerCase();
  return FAMILIES.filter((family) => name.includes(family));
}

/** The family that alone is at its limit, as a message about it says; null when the whole account is. */
export function limitedFamily(message: string): ModelFamily | null {
  const named = OWN_LIMIT.exec(message)?.[1]?.toLowerCase();
  return FAMILIES.find((family) => family === named) ?? null;
}
