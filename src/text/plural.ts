// `1 task`, `3 tasks`.

/** The count with its noun; `many` where adding an s is not enough. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
