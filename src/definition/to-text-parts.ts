import type { FieldDeclaration } from './declaration.ts';
import type { TextPhrase } from './definition.ts';

/** The parts of a declared text as data: each with its phrases, in which `{FIELD}` stands for the field's value. */
export function toTextParts(text: NonNullable<FieldDeclaration['text']>): readonly (readonly TextPhrase[])[] {
  return text.map((part) => [part].flat().map(toPhrase));
}

/** Names of the fields that a text reads, each once. */
export function listTextFields(text: NonNullable<FieldDeclaration['text']>): readonly string[] {
  const pieces = toTextParts(text).flat(2);
  return [...new Set(pieces.flatMap((piece) => ('field' in piece ? [piece.field] : [])))];
}

function toPhrase(text: string): TextPhrase {
  return text
    .split(/(\{[^{}]*\})/)
    .filter((piece) => piece !== '')
    .map((piece) => (/^\{.*\}$/.test(piece) ? { field: piece.slice(1, -1) } : { literal: piece }));
}
