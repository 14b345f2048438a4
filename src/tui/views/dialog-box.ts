// A dialog as a box to lay over the screen.
import { displayWidth, truncateToWidth } from '../../text/width.ts';
import { fitLine, type Line, line, span } from '../parts/line.ts';
import type { DialogText } from '../ui/dialog-options.ts';

/** The lines of the box, all equally wide and at most `most` cells. */
export function dialogBox({ title, body, options }: DialogText, choice: number, most: number): Line[] {
  const hint = 'Enter chooses · q Esc close';
  const texts = [title, hint, ...body, ...options.map(({ key, label }) => `  ${key}  ${label}`)];
  const inner = Math.min(most - 4, Math.max(...texts.map((text) => displayWidth(text) + 2)));
  const bordered = (content: Line): Line => [span('│ ', 'accent'), ...fitLine(content, inner), span(' │', 'accent')];
  const edge = (left: string, text: string, right: string, tone: 'strong' | 'dim'): Line => {
    const shown = truncateToWidth(text, inner - 2);
    const dashes = '─'.repeat(Math.max(0, inner - displayWidth(shown) - 1));
    return [span(`${left}─ `, 'accent'), span(shown, tone), span(` ${dashes}${right}`, 'accent')];
  };
  return [
    edge('┌', title, '┐', 'strong'),
    ...body.map((text) => bordered(line(text))),
    bordered([]),
    ...options.map(({ key, label }, index) => {
      const isChosen = index === choice;
      const text = fitLine(line(`${isChosen ? '▸' : ' '} ${key}  ${label}`), inner);
      return bordered(isChosen ? text.map((piece) => ({ ...piece, inverse: true })) : text);
    }),
    edge('└', hint, '┘', 'dim'),
  ];
}
