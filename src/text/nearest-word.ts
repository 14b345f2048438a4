// The word that was meant by one that is not known.

const MOST_MISTAKES = 2;

/** The nearest of the known words, the first of several; null where none is near. */
export function nearestWord(typed: string, known: readonly string[]): string | null {
  let nearest: string | null = null;
  let fewest = MOST_MISTAKES + 1;
  for (const word of known) {
    // No use in reckoning what cannot be near.
    if (Math.abs(word.length - typed.length) > MOST_MISTAKES) continue;
    const mistakes = mistakesBetween(typed, word);
    // In a short word two mistakes make another word of it.
    if (mistakes < fewest && mistakes * 2 < Math.max(typed.length, word.length)) [nearest, fewest] = [word, mistakes];
  }
  return nearest;
}

/** Letters to add, to leave out, to exchange, and neighbours to swap (optimal string alignment distance). */
function mistakesBetween(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const at = (up: number, left: number) => rows[row - up]?.[column - left] ?? 0;
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        at(1, 0) + 1,
        (current[column - 1] ?? 0) + 1,
        at(1, 1) + (isSame ? 0 : 1),
        isSwapped ? at(2, 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    rows.push(current);
  }
  return rows[one.length]?.[other.length] ?? 0;
}
