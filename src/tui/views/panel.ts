// What a panel's drawing function gets and gives back. A new panel or view is one such function.
import type { Line } from '../parts/line.ts';
import type { RuleLabel } from '../parts/rule.ts';
import type { Model } from '../store/model.ts';
import type { UiState } from '../ui/ui-state.ts';

export interface PanelInput {
  readonly model: Model;
  readonly ui: UiState;
  /** Cells that a line may take. */
  readonly width: number;
  /** Lines that there is room for, without the rule. */
  readonly height: number;
  readonly isFocused: boolean;
  readonly isZoomed: boolean;
  /** IANA name; this machine's without one. */
  readonly timeZone: string | undefined;
}

export interface PanelView {
  /** What stands in the rule behind the title, at columns of the panel. */
  readonly labels: readonly RuleLabel[];
  /** At most `height` lines of at most `width` cells. */
  readonly lines: readonly Line[];
}
