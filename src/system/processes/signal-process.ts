// Sends a signal to a process that may have ended meanwhile.
import { systemErrorCode } from '../system-error.ts';

/**
 * @param pid negative for a whole group of processes
 * @returns false for one of another user (sudo's, for example), which only they can end
 */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
    return code === 'ESRCH';
  }
}
