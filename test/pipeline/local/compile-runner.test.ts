import { describe, expect, it } from 'vitest';

import { toDocumentId } from '../../../src/pipeline/document-id.ts';
import { compileRunner, type Envelope } from '../../../src/pipeline/local/compile-runner.ts';
import { ENVELOPE_CASES } from '../cases/envelopes.ts';
import { AUDIT } from '../streams.ts';

const now = new Date('2026-11-20T01:02:03.456Z');
const run = compileRunner(AUDIT);
const runCase = (name: string) => run(ENVELOPE_CASES[name] as Envelope, now);

describe('compileRunner', () => {
  it('maps a record', () => {
    const message =
      '{"id":"d5b0","when":"2026-11-18T09:12:44.1Z","action":{"type":"Rec_Add","result":true},"actor":{"id":"7c5d","email":"Ops@Example.com","ip":"192.0.2.1"},"metadata":{"n":12345678901234567890}}';
    expect(run({ message, _conf: { source: 'v1', account_id: '0a1b' }, tags: ['forwarded'] }, now)).toEqual({
      id: toDocumentId({ source: 'v1', scopeId: '0a1b', timeMs: Date.parse('2026-11-18T09:12:44.1Z'), parts: ['d5b0'], raw: message }),
      document: {
        '@timestamp': '2026-11-18T09:12:44.100Z',
        ecs: { version: '9.4.0' },
        event: { id: 'd5b0', kind: 'event', action: 'rec_add', outcome: 'success', category: ['configuration'], type: ['creation'] },
        user: { id: '7c5d', email: 'ops@example.com' },
        source: { address: '192.0.2.1', ip: '192.0.2.1' },
        cloud: { account: { id: '0a1b' } },
        related: { ip: ['192.0.2.1'], user: ['7c5d', 'ops@example.com'] },
        cloudflare: { audit: { api: 'v1', metadata: { n: '12345678901234567890' } } },
        tags: ['forwarded'],
      },
    });
  });

  it('keeps the original for who asks', () => {
    const envelope = ENVELOPE_CASES['the original is asked for'] as Envelope;
    expect(runCase('the original is asked for').document.event).toMatchObject({ original: envelope.message });
    expect(runCase('a plain record').document.event).not.toHaveProperty('original');
  });

  it.each(['no JSON', 'cut short', 'a list', 'null', 'an empty message', 'white space', '1001 levels'])('marks %s and keeps it', (name) => {
    const { id, document } = runCase(name);
    const original = (ENVELOPE_CASES[name] as Envelope).message;
    expect(document).toEqual({
      '@timestamp': now.toISOString(),
      event: { kind: 'pipeline_error', original },
      error: {
        message: [
          expect.stringMatching(
            /^(Processor json with tag parse_record in pipeline local failed with message: .|event\.original: the record is no JSON object$)/,
          ),
        ],
      },
      tags: ['forwarded', 'preserve_original_event'],
    });
    expect(id).toBe(toDocumentId({ source: 'v1', scopeId: '0a1b', timeMs: undefined, parts: [], raw: String(original) }));
  });

  it('marks an event with a misfit, names each field, and maps the rest', () => {
    const { document } = runCase('many misfits');
    expect(document).toMatchObject({
      event: { kind: 'pipeline_error', original: (ENVELOPE_CASES['many misfits'] as Envelope).message },
      error: {
        message: [
          '@timestamp: boolean does not fit date',
          'event.id: object does not fit keyword',
          'event.action: list does not fit lowercase',
          'event.outcome: object does not fit keyword',
          'user.id: list does not fit keyword',
          'user.email: object does not fit lowercase',
          'source.address: list does not fit keyword',
        ],
      },
      cloud: { account: { id: '0a1b' } },
      tags: ['forwarded', 'preserve_original_event'],
      '@timestamp': now.toISOString(),
    });
  });

  it('keeps an address that is none, without an error', () => {
    const { document } = runCase('an address that is none');
    expect(document.source).toEqual({ address: 'somewhere' });
    expect(document).not.toHaveProperty('error');
  });

  it('leaves the envelope as it was', () => {
    for (const envelope of Object.values(ENVELOPE_CASES)) {
      const before = structuredClone(envelope);
      run(envelope, now);
      expect(envelope).toEqual(before);
    }
  });
});
