// Bundles the program into dist/: one entry, chunks for what is loaded lazily, everything but Node inside; and beside it
// the command that starts it.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { launcherScript } from './launcher.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

await rm(`${root}/dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli.ts', 'scripted-agent': 'src/demo/scripted-agent.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.22',
  chunkNames: 'chunks/[name]-[hash]',
  define: { 'process.env.NODE_ENV': '"production"' },
  // Both are optional there and break a bundle: ssh2 brings native add-ons, the devtools a second React.
  alias: { ssh2: './scripts/stubs/absent.js', 'react-devtools-core': './scripts/stubs/absent.js' },
  // CommonJS packages inside an ES module still ask for require, __filename and __dirname.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
const { engines } = JSON.parse(await readFile(`${root}/package.json`, 'utf8')) as { engines: { node: string } };
await writeFile(`${root}/dist/ralph-tui`, launcherScript(engines.node), { mode: 0o755 });
