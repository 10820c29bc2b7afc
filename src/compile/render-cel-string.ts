/** Renders a string literal of CEL. */
export function renderCelString(text: string): string {
  return JSON.stringify(text);
}
