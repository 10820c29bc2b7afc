import { mix, pick } from '../random.ts';
import type { LogpullRecord } from './logpull-record.ts';
import { type LinePlace, toRayId } from './ray-id.ts';
import { drawRequest, pickTraffic, type Traffic } from './traffic.ts';
import type { Visitor, VisitorKind } from './visitors.ts';

/** What the records of a zone have in common. */
export interface RecordScene {
  readonly zoneName: string;
  readonly salt: number;
  readonly visitors: Readonly<Record<VisitorKind, readonly Visitor[]>>;
}

const SECOND_MICROS = 1_000_000;
const UINT32 = 0x1_0000_0000;

/** The record at a place; the same place always holds the same record. */
export function drawRecord(scene: RecordScene, place: LinePlace): LogpullRecord {
  const salt = mix(mix(scene.salt, place.second), place.index);
  const traffic = pickTraffic(mix(salt, 0));
  const turn = mix(salt, 4);
  const status = pick(traffic.statuses, turn >>> 2);
  const cacheStatus = pick(traffic.cache, turn >>> 6);
  const action = status === 403 ? 'block' : pick(traffic.actions, turn >>> 10);
  const stopped = action === 'block' || action.endsWith('challenge') || cacheStatus === 'hit';
  const times = drawTimes(place, salt);
  return {
    zoneName: scene.zoneName,
    salt,
    ...times,
    startNanos: mix(salt, 8) % 1000,
    endNanos: mix(salt, 9) % 1000,
    rayId: toRayId(scene.salt, sharesRay(scene, place) ? { second: place.second, index: place.index - 1 } : place),
    visitor: pickVisitor(scene.visitors[traffic.visitor], mix(salt, 5)),
    request: drawRequest(traffic, scene.zoneName, salt),
    status: action === 'block' ? 403 : status,
    originStatus: stopped || status === 522 || status === 499 ? 0 : status,
    cacheStatus,
    action,
    bodyBytes: status === 304 || status === 204 ? 0 : mix(salt, 6) % traffic.maxBytes,
    botScore: drawBotScore(traffic, mix(salt, 7)),
  };
}

/** Whether a line has the ray id of the line before it, as requests that a Worker makes do. */
export function sharesRay({ salt }: RecordScene, { second, index }: LinePlace): boolean {
  return index % 2 === 1 && mix(mix(salt, second), index + 0x5a1e) % 200 === 0;
}

/** The moment a line is received, in microseconds since the epoch, without making the line. */
export function drawReceived(scene: RecordScene, place: LinePlace): number {
  return place.second * SECOND_MICROS + (mix(mix(mix(scene.salt, place.second), place.index), 10) % SECOND_MICROS);
}

/** Requests end up to five seconds before they are received, one of two hundred up to ten minutes; so lines are not in the order of their times. */
function drawTimes(place: LinePlace, salt: number): Pick<LogpullRecord, 'receivedMicros' | 'startMicros' | 'endMicros'> {
  const receivedMicros = place.second * SECOND_MICROS + (mix(salt, 10) % SECOND_MICROS);
  const turn = mix(salt, 11);
  const delay = turn % 200 === 0 ? mix(salt, 12) % (600 * SECOND_MICROS) : mix(salt, 12) % (5 * SECOND_MICROS);
  const endMicros = receivedMicros - 50_000 - delay;
  const share = mix(salt, 13) / UINT32;
  return { receivedMicros, startMicros: endMicros - 1000 - Math.floor(share * share * share * 3 * SECOND_MICROS), endMicros };
}

/** Few visitors make most of the requests. */
function pickVisitor(visitors: readonly Visitor[], draw: number): Visitor {
  const share = draw / UINT32;
  return visitors[Math.floor(share * share * visitors.length)] as Visitor;
}

function drawBotScore({ visitor }: Traffic, draw: number): number {
  if (visitor === 'human') return draw % 50 === 0 ? 0 : 30 + (draw % 70);
  return visitor === 'crawler' ? 1 : 1 + (draw % 29);
}
