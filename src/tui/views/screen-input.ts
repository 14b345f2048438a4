// What a whole screen is drawn from.
import type { Model } from '../store/model.ts';
import type { Size } from '../terminal/size.ts';
import type { UiState } from '../ui/ui-state.ts';

export interface ScreenInput {
  readonly model: Model;
  readonly ui: UiState;
  readonly size: Size;
  /** IANA name; this machine's without one. */
  readonly timeZone?: string | undefined;
}
