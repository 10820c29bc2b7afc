import { afterEach, describe, expect, it } from 'vitest';
import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import { createChooseFields } from '../../src/cloudflare/choose-fields.ts';
import { type Cloudflare, openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import { CloudflareError } from '../../src/errors.ts';
import { auditSource, connectionTo, linesSource, ZONE } from './sources.ts';

const signal = new AbortController().signal;
const OFFERED = [...linesSource.id, 'ClientCountry', 'ZoneName'];
const wanted = { scopeId: ZONE, fields: ['ZoneName', 'BotScore', 'RayID', 'ClientCountry', 'NoSuchField'] };

let api: SimulatedCloudflare | undefined;
let cloudflare: Cloudflare | undefined;
afterEach(async () => {
  await cloudflare?.close();
  await api?.close();
  expect(api?.ledger.bugs ?? []).toEqual([]);
  [cloudflare, api] = [undefined, undefined];
});

async function open(token: string = DEMO_CREDENTIALS[0].token): Promise<Cloudflare> {
  api = await startCloudflare({ limits: 'off', zones: [{ id: ZONE, fields: OFFERED }] });
  cloudflare = await openCloudflare(connectionTo(api.url, { credential: { kind: 'token', token } }), { version: '0.1.0' });
  return cloudflare;
}

describe('chooseFields', () => {
  it('leaves out what the zone does not offer, and then Cloudflare takes the request', async () => {
    const { chooseFields, probe } = await open();
    const { asked, dropped } = await chooseFields(linesSource, wanted, signal);
    expect({ asked, dropped }).toEqual({ asked: ['ZoneName', 'RayID', 'ClientCountry'], dropped: ['BotScore', 'NoSuchField'] });
    await expect(probe(linesSource, { stream: 'logpull', ...wanted }, signal)).rejects.toBeInstanceOf(CloudflareError);
    const record = await probe(linesSource, { stream: 'logpull', scopeId: ZONE, fields: asked }, signal);
    expect(Object.keys(JSON.parse(String(record?.raw)) as object).sort()).toEqual([...OFFERED].sort());
  });

  it('asks each zone once, also when two ask at the same time', async () => {
    const { chooseFields } = await open();
    await Promise.all([chooseFields(linesSource, wanted, signal), chooseFields(linesSource, wanted, signal)]);
    await chooseFields(linesSource, { ...wanted, fields: ['ClientIP'] }, signal);
    expect(api?.ledger.requests.map(({ path }) => path)).toEqual([`/zones/${ZONE}/logs/received/fields`]);
  });

  it('asks nothing where nothing is to be chosen', async () => {
    const { chooseFields } = await open();
    expect(await chooseFields(auditSource(), wanted, signal)).toEqual({ asked: wanted.fields, dropped: [] });
    expect(await chooseFields(linesSource, { ...wanted, fields: [] }, signal)).toEqual({ asked: [], dropped: [] });
    expect(api?.ledger.requests).toEqual([]);
  });

  it('leaves out nothing where the zone refuses to tell, and asks anew the next time', async () => {
    const { chooseFields } = await open('x'.repeat(40));
    expect(await chooseFields(linesSource, wanted, signal)).toEqual({ asked: wanted.fields, dropped: [] });
    await chooseFields(linesSource, wanted, signal);
    expect(api?.ledger.requests).toHaveLength(2);
  });

  it('keeps what makes the id and the time, even where the zone does not name it', async () => {
    const choose = createChooseFields(async () => ['ClientCountry']);
    expect(await choose(linesSource, { scopeId: ZONE, fields: ['RayID', 'EdgeStartTimestamp', 'ClientCountry', 'ZoneName'] }, signal)).toEqual({
      asked: ['RayID', 'EdgeStartTimestamp', 'ClientCountry'],
      dropped: ['ZoneName'],
    });
  });

  it('fails where the zone may tell later, and asks anew then', async () => {
    const answers = [new CloudflareError('too many requests', { act: 'wait', hint: 'Wait.' }), ['ClientCountry']] as const;
    let asked = 0;
    const choose = createChooseFields(async () => {
      const answer = answers[asked++] ?? [];
      if (answer instanceof CloudflareError) throw answer;
      return answer;
    });
    await expect(choose(linesSource, wanted, signal)).rejects.toBe(answers[0]);
    expect((await choose(linesSource, wanted, signal)).asked).toEqual(['RayID', 'ClientCountry']);
  });
});
