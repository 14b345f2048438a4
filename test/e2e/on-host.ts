// Stories without containers: the real CLI as a process of this machine, which is quicker to start.
import { realClaude } from '../harness/real-claude.ts';
import { OWN_USER, openScene, type Scene, type SceneOptions } from './scene.ts';

/** Options of a run on the host. */
export const onHost = (): string[] => ['--sandbox', 'host', '--agent', realClaude() ?? ''];

/** The agent is whoever runs the tests, so the repository has to be theirs. */
export function openHostScene(options: SceneOptions = {}): Promise<Scene> {
  return openScene({ ...options, repository: { plan: ['Only task'], owner: OWN_USER, ...options.repository } });
}
