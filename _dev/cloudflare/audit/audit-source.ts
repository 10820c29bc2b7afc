import type { AccountOptions, UserOptions } from '../options.ts';
import { hashText, mix } from '../random.ts';
import { renderMicros } from '../times.ts';
import { USER_ACTIONS } from './actions.ts';
import { createActor, createActors } from './actors.ts';
import type { AuditEvent } from './audit-event.ts';
import { ACTIONS, createEventMaker, type EventMaker } from './draw-event.ts';
import { createEventSource } from './event-source.ts';

/** An event and what decides over its place in answers. */
export interface PlacedEvent<E = AuditEvent> {
  /** Its time, microseconds since the epoch. */
  readonly micros: number;
  readonly event: E;
  /** A user-level event (see hide_user_logs). */
  readonly ofUser: boolean;
  /** 0 to 1: the share of the indexing delay that it waits. */
  readonly delay: number;
}

/** Microseconds since the epoch, both inclusive. */
export interface MicrosRange {
  readonly first: number;
  readonly last: number;
}

/** All audit events of an account, at any time. */
export interface AuditSource<E = AuditEvent> {
  /** Buckets of time that a range touches, oldest first. */
  readonly buckets: (range: MicrosRange) => { readonly first: number; readonly last: number };
  readonly bucketMicros: number;
  /** Number of events of a bucket, without making them. */
  readonly count: (bucket: number) => number;
  /** The events of a bucket, oldest first; events of one `when` in a fixed order. */
  readonly read: (bucket: number) => readonly PlacedEvent<E>[];
}

/** The events of an account as a function of time; nothing is kept. */
export function createAuditSource(options: AccountOptions & { readonly id: string; readonly seed: number }): AuditSource {
  const salt = mix(options.seed, hashText(options.id));
  return createSource(options, salt, createEventMaker({ ownerId: options.id, salt, actors: createActors(salt), actions: ACTIONS }));
}

/** What a user did about the own login, tokens and keys, as a function of time. */
export function createUserAuditSource(options: UserOptions & { readonly id: string; readonly email: string; readonly seed: number }): AuditSource {
  const salt = mix(options.seed, hashText(`user ${options.id}`));
  const actor = { ...createActor(options.email, 'user', salt), id: options.id };
  return createSource({ auditEventsPerHour: 6, ...options }, salt, createEventMaker({ ownerId: options.id, salt, actors: [actor], actions: USER_ACTIONS }));
}

function createSource(options: UserOptions, salt: number, maker: EventMaker): AuditSource {
  return createEventSource({
    salt,
    perHour: options.auditEventsPerHour ?? 60,
    dailySwing: options.dailySwing ?? 0,
    from: options.eventsFrom ?? 0,
    bursts: options.bursts ?? [],
    extras: (options.extraEvents ?? []).map((event) => ({ event, time: event.when })),
    draw: (place, micros) => maker.draw(place, renderMicros(micros)),
  });
}
