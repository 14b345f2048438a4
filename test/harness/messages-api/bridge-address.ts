// Finds the address under which containers reach this machine, so that the stand-in API can listen there and
// nowhere else.
import { readFile } from 'node:fs/promises';
import { BlockList } from 'node:net';
import { execa } from 'execa';

/**
 * The gateway of a Docker bridge network. The engine names it once the network has been used; before that it is the
 * address that this machine has in the network's subnet. Rejects when there is neither.
 */
export async function dockerBridgeAddress(network = 'bridge'): Promise<string> {
  const format = '{{range .IPAM.Config}}{{.Gateway}}|{{.Subnet}} {{end}}';
  const { stdout } = await execa('docker', ['network', 'inspect', '--format', format, network], { timeout: 15_000 });
  const own = localAddresses(await readFile('/proc/net/fib_trie', 'utf8'));
  for (const config of stdout.trim().split(/\s+/)) {
    const [gateway = '', subnet = ''] = config.split('|');
    const address = own.find((candidate) => candidate === gateway || isInside(candidate, subnet));
    if (address !== undefined) return address;
  }
  throw new Error(`This machine has no address in the Docker network ${network} (${stdout.trim()}).`);
}

/** From the kernel's table: os.networkInterfaces() leaves a bridge out while no container is on it. */
export function localAddresses(fibTrie: string): string[] {
  return [...fibTrie.matchAll(/\|-- (\d+\.\d+\.\d+\.\d+)\n\s+\/32 host LOCAL/g)].map((match) => match[1] ?? '');
}

function isInside(address: string, subnet: string): boolean {
  const [net = '', bits = ''] = subnet.split('/');
  if (!net.includes('.')) return false;
  const list = new BlockList();
  list.addSubnet(net, Number(bits), 'ipv4');
  return list.check(address);
}
