// How each tone looks: the terminal's own sixteen colours, so that the person's theme decides, and no black, white or
// yellow text, which vanishes on one of the backgrounds (facts: ANSI-16 semantic tokens).
import type { Tone } from './parts/line.ts';

/** `colours`: everything. `attributes`: bold, dim and inverse only (NO_COLOR). `none`: a terminal that knows nothing. */
export type ColourMode = 'colours' | 'attributes' | 'none';

/** Select Graphic Rendition parameters that begin a tone (ECMA-48 8.3.117); SGR 0 ends each. */
const COLOURS: Readonly<Record<Tone, string>> = {
  plain: '',
  dim: '2',
  good: '32',
  bad: '31',
  waits: '36',
  needs_you: '1;31',
  accent: '36',
  agent: '35',
  strong: '1',
};

const ATTRIBUTES: Readonly<Record<Tone, string>> = {
  plain: '',
  dim: '2',
  good: '',
  bad: '1',
  waits: '',
  needs_you: '1',
  accent: '',
  agent: '',
  strong: '1',
};

/** The parameters for a tone, without the escape around them; empty for the terminal's default. */
export function toneParameters(tone: Tone, inverse: boolean, mode: ColourMode): string {
  if (mode === 'none') return '';
  const own = (mode === 'colours' ? COLOURS : ATTRIBUTES)[tone];
  // Dim text on an inverted line is hard to read.
  if (inverse) return own === '' || own === '2' ? '7' : `${own};7`;
  return own;
}

/** From the environment: NO_COLOR (no-color.org), FORCE_COLOR=0 and TERM=dumb. */
export function colourMode(environment: Readonly<Record<string, string | undefined>>): ColourMode {
  if (environment.TERM === 'dumb') return 'none';
  if (environment.FORCE_COLOR === '0' || environment.FORCE_COLOR === 'false') return 'none';
  if (environment.NO_COLOR !== undefined && environment.NO_COLOR !== '') return 'attributes';
  return 'colours';
}
