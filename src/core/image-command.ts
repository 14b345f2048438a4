// Which sandbox image is used where nobody names one, and the command that builds an image.
import { shellWord } from '../text/shell-word.ts';

export const DEFAULT_IMAGE = 'sandbox-loop';

export function buildImageCommand(image: string): string {
  return image === DEFAULT_IMAGE ? 'ralph-tui image' : `ralph-tui image --image ${shellWord(image)}`;
}
