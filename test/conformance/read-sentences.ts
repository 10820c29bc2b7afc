import { readFileSync } from 'node:fs';

/** A sentence in which a rule names a fault. */
export interface Sentence {
  /** As it stands in the source. */
  readonly text: string;
  /** Matches what it becomes. */
  readonly pattern: RegExp;
}

const blank = /\$\{(?:[^{}]|\{[^{}]*\})*\}/g;

function toPattern(text: string): RegExp {
  const parts = text.split(blank).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`${parts.join('.*')}$`, 's');
}

/** Every sentence that a file of rules can say: its texts of several words, but for what it says of the rules themselves. */
export function readSentences(file: string): readonly Sentence[] {
  const source = readFileSync(file, 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\/|^import .*$|\/\/.*$/gm, '')
    .replaceAll(/\bchecks: (['"`]).*?\1/g, '')
    .replaceAll(/`[^`]*`\.split/g, '');
  const templates = [...source.matchAll(/`((?:[^`\\]|\\.)*)`/g)].map(([, text]) => String(text));
  const plain = [...source.replaceAll(/`(?:[^`\\]|\\.)*`/g, '').matchAll(/\[(['"])((?:(?!\1).)* (?:(?!\1).)*)\1\]/g)].map(([, , text]) => String(text));
  const sentences = [...templates.filter((text) => / \S+ /.test(text.replaceAll(blank, 'X'))), ...plain];
  return [...new Set(sentences)].map((text) => ({ text, pattern: toPattern(text) }));
}
