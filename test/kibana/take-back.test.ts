import { describe, expect, it } from 'vitest';
import { KibanaError } from '../../src/errors.ts';
import { takeBack } from '../../src/kibana/take-back.ts';

describe('taking back', () => {
  it('goes backwards, and says what stays and what could not be taken back', async () => {
    const order: string[] = [];
    const undo = (what: string, failure?: Error) => ({
      what,
      run: async () => {
        order.push(what);
        if (failure !== undefined) throw failure;
      },
    });
    const error = new KibanaError('creating c: Kibana answered 400', { reason: 'values', hint: 'Correct it.', status: 400 });
    const gone = new KibanaError('removing b: no answer', { reason: 'network', hint: 'Start Kibana.' });
    const taken = await takeBack(error, [undo('a'), { what: 'upgrade', stays: 'no way back' }, undo('b', gone), undo('c')]);
    expect(order).toEqual(['c', 'b', 'a']);
    expect(taken.message).toBe(
      'creating c: Kibana answered 400\n  taken back: c\n  not taken back: b (removing b: no answer)\n  stays: upgrade (no way back)\n  taken back: a',
    );
    expect(taken).toMatchObject({ reason: 'values', hint: 'Correct it.', status: 400, retryable: false });
  });

  it('leaves the message alone where nothing was done', async () => {
    const error = new KibanaError('uploading: Kibana answered 400', { reason: 'archive', hint: 'Build it.' });
    expect((await takeBack(error, [])).message).toBe(error.message);
  });
});
