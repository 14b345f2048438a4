// A receipt that is safe to show. Almost every text in it comes from the agent in the end: all of them are made safe,
// so that no field can be forgotten.
import type { Receipt } from '../core/receipt.ts';
import { safeLine } from '../text/sanitize.ts';

export function safeReceipt(receipt: Receipt): Receipt {
  return withSafeTexts(receipt) as Receipt;
}

function withSafeTexts(value: unknown): unknown {
  if (typeof value === 'string') return safeLine(value);
  if (Array.isArray(value)) return value.map(withSafeTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withSafeTexts(part)]));
}
