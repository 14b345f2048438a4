// The person's home: HOME, else what the system's list of users says.
import { userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

/** Always absolute: files of ours must not depend on where a command is typed. */
export function homeFolder({ HOME = '' }: Readonly<Record<string, string | undefined>>): string {
  if (isAbsolute(HOME)) return HOME;
  try {
    return userInfo().homedir;
  } catch {
    // A user whom the system does not know, as containers have them.
    return '/';
  }
}
