import { describe, expect, it } from 'vitest';
import { cliCommand, runProgram, spawnProgram } from './process.ts';
import { NODE } from './project.ts';

const options = { cwd: '/', env: { ONLY: 'this' } };
const node = (script: string) => [NODE, '-e', script];

describe('runProgram', () => {
  it('has output byte for byte, exit code, input and environment', async () => {
    const script =
      'process.stdin.on("data", (d) => console.log(process.env.ONLY + d)).on("end", () => process.exit(3)); console.error("e")';
    const result = await runProgram(node(script), { ...options, input: ' input 🙂' });
    expect(result).toEqual({ stdout: 'this input 🙂\n', stderr: 'e\n', exitCode: 3, signal: null });
  });

  it('reads all of a long output', async () => {
    const { stdout } = await runProgram(node('process.stdout.write("x".repeat(3e6))'), options);
    expect(stdout.length).toBe(3e6);
  });

  it('gives an input that is at its end where none is given', async () => {
    const result = await runProgram(node('process.stdin.on("end", () => console.log("end")).resume()'), options);
    expect(result).toMatchObject({ stdout: 'end\n', exitCode: 0 });
  });

  it('says what could not be started, and what took too long', async () => {
    const missing = await runProgram(['/no/such/program'], options);
    expect(missing).toMatchObject({ exitCode: null, stderr: expect.stringContaining('ENOENT') });
    const slow = await runProgram(node('setInterval(() => {}, 1000)'), { ...options, timeoutMs: 200 });
    expect(slow).toMatchObject({ signal: 'SIGTERM', stderr: expect.stringContaining('timed out') });
  });
});

describe('spawnProgram', () => {
  it('shows what was printed so far, and can be ended', async () => {
    const program = spawnProgram(node('console.log("ready"); setInterval(() => {}, 1000)'), options);
    await program.waitForOutput('ready');
    expect(program.stdout()).toBe('ready\n');
    program.kill('SIGINT');
    expect(await program.ended).toMatchObject({ exitCode: null, signal: 'SIGINT' });
  });

  it('complains about a program that ends without the text', async () => {
    const program = spawnProgram(node('console.error("oh no"); process.exit(4)'), options);
    await expect(program.waitForOutput('ready')).rejects.toThrow(/ended with 4 without ready[\s\S]*oh no/);
  });
});

it('runs our command line with the Node that the project brings', async () => {
  const [program, script] = cliCommand();
  const { stdout } = await runProgram([program, '--version'], options);
  expect(Number(/^v(\d+)/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(22);
  expect(script).toMatch(/\/(src\/cli\.ts|dist\/cli\.js)$/);
});
