import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isolatedEnvironment } from './environment.ts';
import { processesIn } from './leftovers.ts';
import { NODE } from './project.ts';
import { requires } from './requires.ts';
import { temporaryFolder } from './temporary.ts';
import { Tmux } from './tmux.ts';
import { waitFor } from './wait-for.ts';

/** Shows its size, its keys and its colours, and writes a file when its terminal goes away. */
const PROGRAM = `
const { writeFileSync } = require('node:fs');
process.stdin.setRawMode(true);
const size = () => console.log('size ' + process.stdout.columns + 'x' + process.stdout.rows);
process.stdout.on('resize', size);
process.stdin.on('data', (data) => {
  for (const key of String(data)) console.log('key ' + JSON.stringify(key));
  if (String(data) === 'q') { console.log('last words'); process.exit(5); }
});
setInterval(() => {}, 1000); // a closed terminal ends stdin before the hangup comes
process.on('SIGHUP', () => { writeFileSync('hangup', ''); process.exit(); });
console.log('\\x1b]2;A title\\x07\\x1b[31mred\\x1b[0m ☕ HOME=' + process.env.HOME + ' ' + (process.env.TMUX ? 'in tmux' : ''));
size();
`;

async function start() {
  const folder = await temporaryFolder();
  const tmux = new Tmux(folder);
  onTestFinished(() => tmux[Symbol.asyncDispose]());
  const env = await isolatedEnvironment(folder);
  const pane = await tmux.run([NODE, '-e', PROGRAM], { cwd: folder, env, columns: 100, rows: 20 });
  await pane.waitForText('size');
  return { folder, tmux, env, pane };
}

requires('tmux')('a program in a tmux pane', () => {
  it('shows its screen, takes keys, changes its size, and leaves its exit code', async () => {
    const { env, pane } = await start();
    expect(await pane.capture()).toContain(`red ☕ HOME=${env.HOME} in tmux\nsize 100x20`);
    expect(await pane.capture({ colours: true })).toMatch(/\x1b\[31mred\x1b\[39m/);
    expect(await pane.title()).toBe('A title');

    await pane.press('Enter', 'C-c');
    await pane.type("it's; x");
    await pane.waitForText('key "x"');
    expect(await pane.capture()).toContain(
      'key "\\r"\nkey "\\u0003"\nkey "i"\nkey "t"\nkey "\'"\nkey "s"\nkey ";"\nkey " "\n',
    );

    await pane.resize(70, 30);
    await pane.waitForText('size 70x30');
    await pane.press('q');
    expect(await pane.waitForExit()).toBe(5);
    expect(await pane.capture()).toContain('last words');
  });

  it('gets a hangup when the pane is closed, and the next one is not troubled', async () => {
    const { folder, tmux, env, pane } = await start();
    const other = await tmux.run(['cat'], { cwd: folder, env });
    const pid = await pane.pid();
    expect(await processesIn(folder)).toContain(pid);
    await pane.close();
    await waitFor(() => existsSync(join(folder, 'hangup')), { what: 'the hangup' });
    await other.type('hello');
    await other.waitForText('hello');
  });

  it('shows the screen in its complaint about a text that does not come', async () => {
    const { pane } = await start();
    await expect(pane.waitForText('never', 100)).rejects.toThrow(/Waited 100 ms for never[\s\S]*size 100x20/);
  });

  it('ends with its server', async () => {
    const { folder, tmux } = await start();
    await tmux[Symbol.asyncDispose]();
    await waitFor(async () => (await processesIn(folder)).length === 0, { what: 'the processes to end' });
    await expect(tmux.tmux('list-sessions')).rejects.toThrow();
  });
});
