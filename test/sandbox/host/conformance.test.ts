// The host provider against what every provider promises.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHostProvider } from '../../../src/sandbox/host/provider.ts';
import { describeSandboxProvider } from '../conformance.ts';

describeSandboxProvider('host', async () => {
  const stateRoot = await mkdtemp(join(tmpdir(), 'ralph-tui-host-'));
  return {
    provider: createHostProvider({ stateRoot }),
    reopen: () => createHostProvider({ stateRoot }),
    base: {
      environment: {},
      user: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
      limits: { memoryBytes: 1024 ** 3, cpus: 2, pids: 256 },
      network: { kind: 'open' },
      image: '',
      volumes: [],
    },
    close: () => rm(stateRoot, { recursive: true, force: true }),
  };
});
