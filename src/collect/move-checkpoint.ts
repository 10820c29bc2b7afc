import type { Checkpoint } from './checkpoint.ts';
import type { Window } from './ports.ts';
import { keepRemembered, toRemembered } from './remembered.ts';

/** The checkpoint before the first record of a window is sent. An intent that is already open keeps its generation and grows over the window. */
export function toBegun(checkpoint: Checkpoint | undefined, settles: Window, generation: string | undefined): Checkpoint {
  const open = checkpoint?.intent;
  const begun = { window: settles, ...(generation === undefined ? {} : { generation }) };
  const intent = open === undefined ? begun : { ...open, window: toHull(open.window, settles) };
  return { until: settles.since, remembered: [], ...checkpoint, intent };
}

/** The checkpoint behind a settled window. An intent that reaches further stays open for its rest, whose records may be stored in part. */
export function toSettled(checkpoint: Checkpoint | undefined, { before }: Window, remembered: ReadonlyMap<string, number>): Checkpoint {
  const { intent, ...kept } = checkpoint ?? {};
  const open = intent !== undefined && intent.window.before > before;
  return {
    ...kept,
    until: before,
    remembered: toRemembered(remembered),
    ...(open ? { intent: { ...intent, window: { since: before, before: intent.window.before } } } : {}),
  };
}

/** The checkpoint behind an interval that is lost. An open intent stays: what was sent of it may come again at the boundary. */
export function toLost(checkpoint: Checkpoint | undefined, { before }: Window): Checkpoint {
  return { ...checkpoint, until: before, floor: before, remembered: keepRemembered(checkpoint?.remembered ?? [], before) };
}

function toHull(a: Window, b: Window): Window {
  return { since: Math.min(a.since, b.since), before: Math.max(a.before, b.before) };
}
