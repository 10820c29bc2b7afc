import { fieldsOf, overlaps } from './condition.ts';
import type { DropStep, Step } from './step.ts';

/** The steps with the drops behind the last that makes something that they read: what comes later is not done for an event that is left out. */
export function placeDrops(steps: readonly Step[], drops: readonly DropStep[]): readonly Step[] {
  const read = drops.flatMap(({ when }) => fieldsOf(when));
  const last = steps.findLastIndex((step) => 'field' in step && read.some((field) => overlaps(field, step.field)));
  return [...steps.slice(0, last + 1), ...drops, ...steps.slice(last + 1)];
}

/** Of the steps that both backends take, those that tell whether the event is left out, in their order: what the drops read, what that depends on, the drops. */
export function sliceForDrops(steps: readonly Step[]): readonly Step[] {
  const end = steps.findLastIndex(({ kind }) => kind === 'drop');
  const needed = new Set<string>();
  const slice: Step[] = [];
  for (const step of steps.slice(0, end + 1).reverse()) {
    if (step.kind !== 'drop' && !('field' in step && [...needed].some((field) => overlaps(field, step.field)))) continue;
    slice.unshift(step);
    for (const field of listReads(step)) needed.add(field);
  }
  return slice;
}

/** The fields of the document that a step reads. */
function listReads(step: Step): readonly string[] {
  const pieces = step.kind === 'text' ? step.parts.flat(2) : [];
  const condition = step.kind === 'id' || step.when === undefined ? [] : fieldsOf(step.when);
  const looked = step.kind === 'group' || step.kind === 'listed' ? step.of : [];
  return [...condition, ...looked, ...pieces.flatMap((piece) => ('field' in piece ? [piece.field] : []))];
}
