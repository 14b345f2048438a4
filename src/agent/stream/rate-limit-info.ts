// Reads what the agent says about the plan's usage windows (facts/claude-code.md 1, rate_limit_event).
import type { RateLimitInfo, UsageWindow } from './message-types.ts';
import { asLabel, asNumber, asObject, isObject, isoFromEpochSeconds } from './narrow.ts';

export function parseRateLimitInfo(value: unknown): RateLimitInfo {
  const info = asObject(value);
  const windows = asObject(info.unifiedWindows);
  return {
    status: asLabel(info.status),
    limit: asLabel(info.rateLimitType),
    resetsAt: isoFromEpochSeconds(info.resetsAt),
    utilization: asNumber(info.utilization),
    overageStatus: asLabel(info.overageStatus),
    overageResetsAt: isoFromEpochSeconds(info.overageResetsAt),
    isUsingOverage: info.isUsingOverage === true,
    fiveHour: parseWindow(windows.five_hour),
    sevenDay: parseWindow(windows.seven_day),
  };
}

function parseWindow(value: unknown): UsageWindow | null {
  if (!isObject(value)) return null;
  return { utilization: asNumber(value.utilization), resetsAt: isoFromEpochSeconds(value.resetsAt) };
}
