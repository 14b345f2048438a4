// Labels on containers: what makes a sandbox findable after its supervisor is gone.
import type { SandboxFilter, SandboxLabels } from '../../core/sandbox.ts';

export const LABEL_PREFIX = 'ralph-tui';

/** Labels as Docker keeps them: text to text. */
export function toLabels(labels: SandboxLabels): Record<string, string> {
  return {
    [`${LABEL_PREFIX}.namespace`]: labels.namespace,
    [`${LABEL_PREFIX}.repository`]: labels.repository,
    [`${LABEL_PREFIX}.run`]: labels.run,
    [`${LABEL_PREFIX}.iteration`]: String(labels.iteration),
    [`${LABEL_PREFIX}.attempt`]: String(labels.attempt),
  };
}

/** The way back; null for a container that is none of ours. */
export function fromLabels(labels: Readonly<Record<string, string>>): SandboxLabels | null {
  const namespace = labels[`${LABEL_PREFIX}.namespace`];
  const repository = labels[`${LABEL_PREFIX}.repository`];
  const run = labels[`${LABEL_PREFIX}.run`];
  const iteration = Number(labels[`${LABEL_PREFIX}.iteration`]);
  const attempt = Number(labels[`${LABEL_PREFIX}.attempt`]);
  if (namespace === undefined || repository === undefined || run === undefined) return null;
  if (!Number.isInteger(iteration) || !Number.isInteger(attempt)) return null;
  return { namespace, repository, run, iteration, attempt };
}

/** Values of Docker's `label` filter. */
export function labelFilter(filter: SandboxFilter): string[] {
  const wanted = { namespace: filter.namespace, repository: filter.repository, run: filter.run };
  return Object.entries(wanted).flatMap(([key, value]) =>
    value === undefined ? [] : [`${LABEL_PREFIX}.${key}=${value}`],
  );
}
