// The text of dist/ralph-tui, the command that gets installed: a small shell script that finds a Node which is new
// enough. A newcomer's own may not be, and `npm ci` has brought one.

/** @param oldest oldest Node that every dependency runs on, as package.json has it under "engines": `>=22.22` */
export function launcherScript(oldest: string): string {
  const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(oldest) ?? [];
  if (major === undefined || minor === undefined) throw new Error(`not an oldest version of Node: ${oldest}`);
  return `#!/bin/sh
# Runs ralph-tui with the PATH's node, or with the one that npm ci brought where that is too old.

# An installed command is a link to here, maybe through others. (macOS before 12.3 has no readlink -f.)
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=\${self%/*}/$link ;;
  esac
done
case $self in
  */*) folder=\${self%/*} ;;
  *) folder=. ;;
esac
folder=$(CDPATH='' cd -- "$folder" && pwd -P) || exit 1

is_new_enough() {
  version=$("$1" --version 2>/dev/null) || return 1
  version=\${version#v}
  major=\${version%%.*}
  rest=\${version#*.}
  minor=\${rest%%.*}
  case $major$minor in
    '' | *[!0-9]*) return 1 ;;
  esac
  [ "$major" -gt ${major} ] || { [ "$major" -eq ${major} ] && [ "$minor" -ge ${minor} ]; }
}

node=node
if ! is_new_enough node; then
  brought=$folder/../node_modules/.bin/node
  if is_new_enough "$brought"; then
    node=$brought
  elif ! command -v node >/dev/null 2>&1; then
    echo 'ralph-tui needs Node ${major}.${minor} or newer, and finds none. Install it (nodejs.org, or your package manager) and run it again.' >&2
    exit 2
  fi
fi
# The program itself says when even this one is too old. \`--\`, because Node takes an option --env-file for its own even
# behind the program's name.
exec "$node" -- "$folder/cli.js" "$@"
`;
}
