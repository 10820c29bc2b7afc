import { describe, expect, it } from 'vitest';
import { prepareScenes, refused } from './scene.ts';
import { type Received, type StandInAnswer, toBulkBody } from './stand-in.ts';
import { toRecord } from './writing.ts';

const play = prepareScenes();

/** Holds `kept` in its failure store; everything else is created. */
const answer = ({ ids, url }: Received): StandInAnswer =>
  url.includes('_search') ? { status: 200, body: { hits: { hits: [{ _source: { document: { id: 'kept' } } }] } } } : { status: 200, body: toBulkBody(ids) };

describe('what an earlier try has left in the failure store', () => {
  it('is not sent again by the first window of a process, but is dead-lettered', async () => {
    const { writer, standIn, readDead } = await play(answer, { looksForKept: true });
    await writer.add(['a', 'kept', 'b'].map((id) => toRecord(id)));
    expect(await writer.settle()).toEqual({ read: 3, created: 2, duplicate: 0, dead: 1, dropped: 0 });
    expect(standIn.bulks().map(({ ids }) => ids)).toEqual([['a', 'b']]);
    expect(await readDead()).toMatchObject([{ id: 'kept', status: 201 }]);
  });

  it('is not looked for after a window that was settled, but after one that was not', async () => {
    let busy = false;
    const { writer, openNext, standIn } = await play(
      (request) => (busy && !request.url.includes('_search') ? refused(403, 'security_exception') : answer(request)),
      {
        looksForKept: true,
      },
    );
    const searches = (): number => standIn.received.filter(({ url }) => url.includes('_search')).length;
    await writer.add([toRecord('a')]);
    await writer.settle();
    expect(searches()).toBe(1);
    const second = openNext();
    await second.add([toRecord('b')]);
    busy = true;
    await expect(second.settle()).rejects.toThrow('security_exception');
    expect(searches()).toBe(1);
    busy = false;
    const third = openNext();
    await third.add([toRecord('b')]);
    await third.settle();
    expect(searches()).toBe(2);
  });
});
