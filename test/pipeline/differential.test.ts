import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { StreamDefinition } from '../../src/definition/definition.ts';
import { compileRunner, type Envelope, type Runner } from '../../src/pipeline/local/compile-runner.ts';
import { engineOrSkip } from '../engines.ts';
import { CONDITION_CASES } from './cases/conditions.ts';
import { CONVERSION_CASES } from './cases/conversions.ts';
import { ENVELOPE_CASES } from './cases/envelopes.ts';
import { GRADE_CASES, GRADES } from './cases/grades.ts';
import { STEP_CASES, STEP_CONF } from './cases/steps.ts';
import { differencesOf } from './differences.ts';
import { DROP_CASES, DROPS } from './drops.ts';
import { openServerRunner, type ServerRunner } from './server-runner.ts';
import { converted } from './sketches.ts';
import { AUDIT, CONDITIONS, CONVERSIONS, STEPS } from './streams.ts';

const { engine, describeEngine } = await engineOrSkip({ ingest: true });

/** Runs events through both backends and resolves with those that differ, and where. */
type Compare = (envelopes: readonly Envelope[], run?: Runner) => Promise<Readonly<Record<string, readonly string[]>>>;

function describeStream(name: string, stream: StreamDefinition, body: (compare: Compare) => void): void {
  describe(name, () => {
    let server: ServerRunner | undefined;
    const compiled = compileRunner(stream);
    beforeAll(async () => {
      server = await openServerRunner(engine, `test-differential-${name}-${process.pid}`, stream);
    });
    afterAll(() => server?.close());
    body(async (envelopes, run = compiled) => {
      const now = new Date('2001-02-03T04:05:06.789Z');
      const stored = (await server?.run(envelopes)) ?? [];
      expect(stored).toHaveLength(envelopes.length);
      const entries = envelopes.map((envelope, index) => {
        const paths = differencesOf(stream, stored[index], run(envelope, now), now);
        return [`${index}: ${String(envelope.message).slice(0, 500)}`, paths] as const;
      });
      return Object.fromEntries(entries.filter(([, paths]) => paths.length > 0));
    });
  });
}

const toEnvelope = (message: string): Envelope => ({ message, _conf: STEP_CONF, tags: ['forwarded'] });
const withId = (record: string, index: number): Envelope => toEnvelope(record.replace('{', `{"id":${index}${record === '{}' ? '' : ','}`));

describeEngine('both backends make the same documents', () => {
  describeStream('conversions', CONVERSIONS, (compare) => {
    const inputs = [...new Set(Object.values(CONVERSION_CASES).flatMap((cases) => cases.map(([input]) => input)))];

    it('of every value in the table, by every conversion', async () => {
      expect(inputs.length).toBeGreaterThan(200);
      expect(await compare(inputs.map((input, index) => withId(input === undefined ? '{}' : `{"v":${input}}`, index)))).toEqual({});
    });
  });

  describeStream('conditions', CONDITIONS, (compare) => {
    it('by every condition in the table, over every record in it', async () => {
      expect(await compare([...new Set(CONDITION_CASES.map(([, record]) => record))].map(withId))).toEqual({});
    });
  });

  describeStream('steps', STEPS, (compare) => {
    it('by every step in the table, over every record in it', async () => {
      expect(await compare([...new Set(STEP_CASES.map(({ record }) => record))].map(withId))).toEqual({});
    });
  });

  describeStream('drops', DROPS, (compare) => {
    it('or leave the same events out, whatever their frame', async () => {
      expect(await compare(Object.values(DROP_CASES).map(([event]) => event))).toEqual({});
    });

    it('and an event that only one of them leaves out is found', async () => {
      const others = compileRunner({ ...DROPS, drops: [] });
      expect(Object.values(await compare([DROP_CASES['what the rule asks for']?.[0] as Envelope], others))).toEqual([['dropped true false']]);
    });
  });

  describeStream('grades', GRADES, (compare) => {
    it('by every record in the table of grades', async () => {
      expect(await compare(GRADE_CASES.map(([record], index) => withId(record, index)))).toEqual({});
    });
  });

  describeStream('audit', AUDIT, (compare) => {
    it('of events whose frame or text is out of order', async () => {
      expect(await compare(Object.values(ENVELOPE_CASES))).toEqual({});
    });

    it('and a fault planted in one of them is found', async () => {
      const fields = AUDIT.fields.map((field) => ({ ...field, ...(field.name === 'user.email' ? converted('user.email', 'actor.email') : {}) }));
      const different = await compare([toEnvelope('{"id":"1","actor":{"email":"A@B"}}')], compileRunner({ ...AUDIT, fields }));
      expect(Object.values(different)).toEqual([['related.user[0]', 'user.email']]);
    });
  });
});
