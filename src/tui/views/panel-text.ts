// What a panel shows as plain text, for the clipboard.
import { lineText } from '../parts/line.ts';
import type { PanelId } from '../ui/ui-state.ts';
import { drawPanel, screenLayout } from './screen.ts';
import type { ScreenInput } from './screen-input.ts';

export function panelText(input: ScreenInput, panel: PanelId): string {
  const rect = screenLayout(input).panels[panel];
  if (rect === undefined) return '';
  return drawPanel(input, panel, rect)
    .lines.map((drawn) => lineText(drawn).trimEnd())
    .join('\n');
}
