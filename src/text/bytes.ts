// Sizes of memory and files: `8g` as Docker reads it, `5.1G` as the screen shows it. Always powers of 1024.
import { InvalidValueError } from './invalid-value-error.ts';

const UNITS = ['', 'K', 'M', 'G', 'T', 'P'] as const;

/**
 * Reads `8g`, `512m`, `12gb`, `1.5g`, `4GiB` or plain bytes, case ignored. As in Docker's options every unit is a
 * power of 1024, `gb` too. Returns whole bytes.
 * @throws InvalidValueError for anything else, and for nothing at all (0).
 */
export function parseBytes(text: string): number {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*(?:([kmgtp])(?:i?b)?|b)?$/.exec(text.trim().toLowerCase());
  const [, digits, unit] = match ?? [];
  if (digits === undefined) throw noSize(text);
  const exponent = unit === undefined ? 0 : UNITS.findIndex((candidate) => candidate.toLowerCase() === unit);
  const bytes = Math.round(Number(digits) * 1024 ** exponent);
  if (bytes < 1 || !Number.isSafeInteger(bytes)) throw noSize(text);
  return bytes;
}

/** `512B`, `9.2K`, `512M`, `5.1G`, `128G`. One decimal below 100 unless the value is whole. Negative counts as 0. */
export function formatBytes(bytes: number): string {
  const size = Math.max(0, bytes);
  let exponent = 0;
  // 1023.96K would be shown as 1024K: rounding decides the unit, too.
  while (exponent < UNITS.length - 1 && size / 1024 ** exponent >= 1023.5) exponent += 1;
  const value = size / 1024 ** exponent;
  const unit = exponent === 0 ? 'B' : (UNITS[exponent] ?? '');
  const digits = Number.isInteger(value) || value >= 99.95 || exponent === 0 ? value.toFixed(0) : value.toFixed(1);
  return `${digits}${unit}`;
}

/** Used of a limit with the unit said once where both have it: `5.1/8G`, `900M/1.5G`. */
export function formatBytesOf(usedBytes: number, limitBytes: number): string {
  const used = formatBytes(usedBytes);
  const limit = formatBytes(limitBytes);
  return used.at(-1) === limit.at(-1) ? `${used.slice(0, -1)}/${limit}` : `${used}/${limit}`;
}

function noSize(text: string): InvalidValueError {
  return new InvalidValueError(`${JSON.stringify(text)} is not a size; write for example 8g, 512m or 1.5g`);
}
