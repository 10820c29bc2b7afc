import { isDeepStrictEqual } from 'node:util';
import { readDeadLetters } from '../../../src/elasticsearch/read-dead-letters.ts';
import { toAuditId } from '../../../test/e2e/expected-id.ts';
import { readStored } from '../../../test/e2e/read-stored.ts';
import { ACCOUNT, toMinute } from '../../../test/e2e/small-world.ts';
import { toAnswer } from '../elasticsearch-proxy.ts';
import { isEvents } from './elasticsearch-cases.ts';
import type { Bench, FaultCase } from './fault-case.ts';

const BAD = [7, 11, 30];

const EVENTS = Array.from({ length: 40 }, (_, index) => ({
  id: `conflict-${index}`,
  when: new Date(toMinute(Date.now()) - 20 * 3_600_000 + index * 60_000).toISOString().replace('.000', ''),
  action: { type: 'login', result: true, ...(BAD.includes(index) && { info: 'no object' }) },
}));

/** Records that the mapping refuses, with the failure store of the data stream on and off. One at a time: each changes the package's own `@custom` template. */
export const CONFLICT_CASES: readonly FaultCase[] = [toCase('off', false), toCase('on', false), toCase('on', true)];

function toCase(store: 'on' | 'off', lost: boolean): FaultCase {
  return {
    side: 'elasticsearch',
    fault: `a mapping that conflicts with ${BAD.length} records, failure store ${store}${lost ? ', the answer lost' : ''}`,
    expected: `${BAD.length} dead-lettered, exit 0`,
    world: { accounts: [{ auditEventsPerHour: 0, extraEvents: EVENTS }] },
    arrange: async (bench) => {
      await putCustom(bench, store === 'on');
      return countBad(bench, lost);
    },
    judge: (bench) => judge(bench, store),
  };
}

async function putCustom({ scene }: Bench, enabled: boolean): Promise<void> {
  // Of the types that refuse a text, one that index.mapping.ignore_malformed does not soften.
  const objects = { cloudflare: { properties: { audit: { properties: { action: { properties: { info: { type: 'flattened' } } } } } } } };
  const template = { mappings: { properties: objects }, data_stream_options: { failure_store: { enabled } } };
  await scene.client.request({ attempt: 'customising', method: 'PUT', path: `/_component_template/logs-${scene.name}.audit@custom`, body: { template } });
}

/** Counts the bulk requests with such records. */
function countBad({ proxy }: Bench, lost: boolean): () => number {
  let struck = 0;
  proxy.intervene(async (request, forward) => {
    const bad = isEvents(request) && request.body.includes('no object');
    if (bad) struck += 1;
    const answered = await forward();
    return bad && lost && struck === 1 ? toAnswer(503, 'Service Unavailable') : answered;
  });
  return () => struck;
}

async function judge({ scene, world }: Bench, store: 'on' | 'off'): Promise<readonly string[]> {
  await scene.client.request({ attempt: 'clean up', method: 'DELETE', path: `/_component_template/logs-${scene.name}.audit@custom`, allow: 'any' });
  const toIds = (bad: boolean): readonly string[] => EVENTS.filter((_, index) => BAD.includes(index) === bad).map((event) => toAuditId(ACCOUNT, event));
  const stored = (await world.readStream('audit')).map(({ id }) => id);
  const aside = store === 'on' ? await readFailures({ scene, world }) : await readLetters(world.statePath);
  return [
    ...(equal(stored, toIds(false)) ? [] : [`stored are ${stored.length} records, not the ${toIds(false).length} that fit`]),
    ...(equal(aside, toIds(true)) ? [] : [`put aside are ${aside.join(', ')}, not once each of the ${BAD.length} that do not fit`]),
  ];
}

function equal(found: readonly string[], expected: readonly string[]): boolean {
  return isDeepStrictEqual(found.toSorted(), expected.toSorted());
}

async function readFailures({ scene, world }: Pick<Bench, 'scene' | 'world'>): Promise<readonly string[]> {
  const kept = await readStored(scene.engine, `${scene.dataStream('audit', world.namespace)}::failures`);
  return kept.map(({ document }) => String((document.document as { readonly id?: string } | undefined)?.id));
}

async function readLetters(statePath: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of readDeadLetters(`${statePath}/dead-letters.ndjson`)) ids.push(id);
  return ids;
}
