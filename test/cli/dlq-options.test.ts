import { describe, expect, it } from 'vitest';
import { createWants, toDlqOptions } from '../../src/cli/dlq-options.ts';
import type { Opened } from '../../src/cli/open-settings.ts';
import { toLetter } from '../elasticsearch/letters.ts';

const opened = {
  definition: { streams: [{ name: 'audit' }, { name: 'collector' }] },
  settings: { connections: [{ name: 'main' }, { name: 'other' }] },
} as unknown as Opened;

const parse = (action: string, options: Record<string, string | boolean | readonly string[]> = {}) => toDlqOptions({ args: [action], options }, opened);

describe('the command line of dlq', () => {
  it.each<[string, Record<string, string | boolean | readonly string[]>, RegExp, RegExp]>([
    ['lst', {}, /lst is not an action of dlq/, /Did you mean list\? There are: list, replay/],
    ['list', { stream: 'audt' }, /audt is not a data stream/, /Did you mean audit\?/],
    ['replay', { connection: 'man' }, /man is not a connection of the settings/, /Did you mean main\?/],
    ['list', { dryRun: true }, /dlq list does not take --dry-run/, /run dlq replay/],
    ['list', { id: ['a'] }, /dlq list does not take --id/, /run dlq replay/],
    ['replay', { limit: '5' }, /dlq replay does not take --limit/, /run dlq list/],
    ['list', { limit: '0' }, /--limit 0 is no number of letters/, /from 1 up/],
    ['list', { limit: '1e3' }, /--limit 1e3 is no number/, /from 1 up/],
  ])('%s %j is refused', (action, options, message, hint) => {
    let error: unknown;
    try {
      parse(action, options);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ code: 'USAGE', message: expect.stringMatching(message) as string, hint: expect.stringMatching(hint) as string });
  });

  it('chooses letters by stream, connection and id', () => {
    const letters = [toLetter('a'), toLetter('b', { stream: 'collector' }), toLetter('c', { connection: 'other' })];
    const choose = (options: Parameters<typeof parse>[1]) => letters.filter(createWants(parse('replay', options))).map(({ id }) => id);
    expect(choose({})).toEqual(['a', 'b', 'c']);
    expect(choose({ stream: 'collector' })).toEqual(['b']);
    expect(choose({ connection: 'other' })).toEqual(['c']);
    expect(choose({ id: ['a', 'c', 'z'] })).toEqual(['a', 'c']);
  });
});
