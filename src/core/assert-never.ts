// Makes the compiler say which case of a closed list was forgotten.

/** @throws Error always; reached only when a value is outside its type. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
