// Finds the Docker engine as the docker command does: DOCKER_HOST, else the context, else the usual sockets.
import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SandboxError } from '../../core/sandbox.ts';

/** PEM texts; without `ca` the system's authorities count. */
export interface TlsFiles {
  readonly ca: Buffer | null;
  readonly cert: Buffer | null;
  readonly key: Buffer | null;
}

export type Endpoint =
  | { readonly kind: 'unix'; readonly socketPath: string; readonly source: string }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      readonly tls: TlsFiles | null;
      readonly source: string;
    };

export interface EndpointSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
}

const CliConfig = z.object({ currentContext: z.string().optional() });
const ContextMeta = z.object({ Endpoints: z.object({ docker: z.object({ Host: z.string() }) }) });

/**
 * The engine's address, without asking whether it answers.
 * Order as in docker(1): DOCKER_HOST, DOCKER_CONTEXT, currentContext of config.json, then the first usual socket
 * that exists.
 * @throws SandboxError `engine_away` for an address that cannot be used (ssh://, an unknown context).
 */
export async function resolveEndpoint(sources: EndpointSources): Promise<Endpoint> {
  const { environment } = sources;
  const configFolder = environment.DOCKER_CONFIG || join(sources.homeFolder, '.docker');
  if (environment.DOCKER_HOST) {
    const certificates = environment.DOCKER_CERT_PATH || configFolder;
    const wantsTls = Boolean(environment.DOCKER_TLS_VERIFY) || Boolean(environment.DOCKER_CERT_PATH);
    return parseHost(environment.DOCKER_HOST, 'DOCKER_HOST', (port) =>
      wantsTls || port === 2376 ? certificates : null,
    );
  }
  const context = environment.DOCKER_CONTEXT || (await currentContext(configFolder));
  if (context && context !== 'default') return contextEndpoint(configFolder, context);
  return usualSocket(sources);
}

/** The address as a person would write it, for messages. */
export function describeEndpoint(endpoint: Endpoint): string {
  if (endpoint.kind === 'unix') return `unix://${endpoint.socketPath}`;
  return `tcp://${endpoint.host}:${endpoint.port}${endpoint.tls ? ' (TLS)' : ''}`;
}

async function parseHost(
  host: string,
  source: string,
  certificateFolder: (port: number) => string | null,
): Promise<Endpoint> {
  if (host.startsWith('unix://')) return { kind: 'unix', socketPath: host.slice('unix://'.length), source };
  const address = host.includes('://') ? host : `tcp://${host}`;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || url.hostname === '' || !['tcp:', 'http:', 'https:'].includes(url.protocol)) {
    const why = host.startsWith('ssh://')
      ? 'an engine behind ssh cannot be used: forward its socket (ssh -L /path/docker.sock:/var/run/docker.sock HOST)' +
        ' and set DOCKER_HOST=unix:///path/docker.sock'
      : 'only unix:// and tcp:// addresses can be used';
    throw new SandboxError('engine_away', `${source} says ${host}: ${why}`);
  }
  const secure = url.protocol === 'https:';
  const port = Number(url.port || (secure ? 2376 : 2375));
  const folder = certificateFolder(port);
  const tls = folder === null ? null : await readTls(folder);
  const none: TlsFiles = { ca: null, cert: null, key: null };
  return { kind: 'tcp', host: url.hostname, port, tls: tls ?? (secure ? none : null), source };
}

async function readTls(folder: string): Promise<TlsFiles> {
  const read = (name: string) => readFile(join(folder, name)).catch(() => null);
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')]);
  return { ca, cert, key };
}

async function currentContext(configFolder: string): Promise<string | null> {
  const text = await readFile(join(configFolder, 'config.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  return CliConfig.safeParse(parseJson(text)).data?.currentContext ?? null;
}

/** Contexts live in folders that are named by the SHA-256 of the context's name. */
async function contextEndpoint(configFolder: string, name: string): Promise<Endpoint> {
  const digest = createHash('sha256').update(name).digest('hex');
  const path = join(configFolder, 'contexts', 'meta', digest, 'meta.json');
  const text = await readFile(path, 'utf8').catch(() => '');
  const meta = ContextMeta.safeParse(parseJson(text));
  if (!meta.success) {
    throw new SandboxError(
      'engine_away',
      `the docker context "${name}" has no engine address (${path}): choose another with docker context use, or set DOCKER_HOST`,
    );
  }
  const tlsFolder = join(configFolder, 'contexts', 'tls', digest, 'docker');
  const hasTls = await exists(tlsFolder);
  return parseHost(meta.data.Endpoints.docker.Host, `the docker context "${name}"`, () => (hasTls ? tlsFolder : null));
}

async function usualSocket({ environment, homeFolder }: EndpointSources): Promise<Endpoint> {
  const candidates = [
    '/var/run/docker.sock',
    ...(environment.XDG_RUNTIME_DIR ? [join(environment.XDG_RUNTIME_DIR, 'docker.sock')] : []),
    join(homeFolder, '.docker', 'run', 'docker.sock'),
    join(homeFolder, '.docker', 'desktop', 'docker.sock'),
    join(homeFolder, '.colima', 'default', 'docker.sock'),
    join(homeFolder, '.orbstack', 'run', 'docker.sock'),
  ];
  for (const socketPath of candidates) {
    if (await exists(socketPath)) return { kind: 'unix', socketPath, source: 'the usual place' };
  }
  return { kind: 'unix', socketPath: '/var/run/docker.sock', source: 'the usual place' };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
