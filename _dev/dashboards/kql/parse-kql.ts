import { DashboardFault } from '../dashboard-fault.ts';
import type { Kql, KqlValue } from './kql.ts';
import { type Token, toTokens } from './to-tokens.ts';

const OPERATORS = { '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' } as const;

/**
 * Parses the part of Kibana's query language that names a field with every value: `field: value`, `field: (a or b)`, `field: *`, `field >= 1`, joined by and, or,
 * not and parentheses. https://www.elastic.co/docs/explore-analyze/query-filter/languages/kql
 * @returns undefined for an empty query
 * @throws DashboardFault for anything else
 */
export function parseKql(text: string): Kql | undefined {
  const parser = new Parser(text);
  return parser.isAtEnd() ? undefined : parser.parseAll();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = toTokens(text);
  }

  isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  parseAll(): Kql {
    const all = this.#parseJoined(() => this.#parseTerm());
    if (!this.isAtEnd()) this.#fail('something is left over');
    return all;
  }

  /** `and` binds closer than `or`. */
  #parseJoined(parseOne: () => Kql): Kql {
    const parseAnd = (): Kql => this.#parseList('and', () => this.#parseNot(parseOne));
    return this.#parseList('or', parseAnd);
  }

  #parseList(kind: 'and' | 'or', parseOne: () => Kql): Kql {
    const first = parseOne();
    const of = [first];
    while (this.#take(kind)) of.push(parseOne());
    return of.length === 1 ? first : { kind, of };
  }

  #parseNot(parseOne: () => Kql): Kql {
    if (this.#take('not')) return { kind: 'not', of: this.#parseNot(parseOne) };
    return this.#parseGroup(parseOne);
  }

  #parseGroup(parseOne: () => Kql): Kql {
    if (!this.#take('(')) return parseOne();
    const inside = this.#parseJoined(parseOne);
    if (!this.#take(')')) this.#fail('a closing parenthesis is missing');
    return inside;
  }

  #parseTerm(): Kql {
    const field = this.#takeValue();
    if (field.pieces.length > 1) this.#fail('a name of a field holds a wildcard');
    if (this.#take(':')) return this.#parseGroup(() => ({ kind: 'is', field: field.text, value: this.#takeWords() }));
    for (const [sign, operator] of Object.entries(OPERATORS)) {
      if (this.#take(sign)) return { kind: 'range', field: field.text, operator, value: this.#takeValue() };
    }
    return this.#fail('a value stands without the name of a field');
  }

  /** Values without quotes may hold spaces. */
  #takeWords(): KqlValue {
    let value = this.#takeValue();
    for (let next = this.#peekWord(value); next !== undefined; next = this.#peekWord(value)) {
      const [last = '', joined = ''] = [value.pieces.at(-1), next.pieces[0]];
      value = { text: `${value.text} ${next.text}`, quoted: false, pieces: [...value.pieces.slice(0, -1), `${last} ${joined}`, ...next.pieces.slice(1)] };
      this.#at += 1;
    }
    return value;
  }

  #peekWord({ quoted }: KqlValue): KqlValue | undefined {
    const token = this.#tokens[this.#at];
    return quoted || token?.kind !== 'value' || token.value.quoted ? undefined : token.value;
  }

  #take(sign: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.#at += 1;
    return true;
  }

  #takeValue(): KqlValue {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'value') return this.#fail('a name or a value is missing');
    this.#at += 1;
    return token.value;
  }

  #fail(why: string): never {
    throw new DashboardFault(`the query ${this.#text} is not understood: ${why}`);
  }
}
