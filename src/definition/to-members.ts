import type { MemberDeclaration, SourceDeclaration } from './declaration.ts';
import type { MemberPlace, MembersDefinition } from './members-definition.ts';

/** The places of ids of persons as data. */
export function toMembers(declared: NonNullable<SourceDeclaration['members']>): MembersDefinition {
  return Object.fromEntries(Object.entries(declared).map(([role, place]) => [role, toPlace(place)]));
}

function toPlace({ id, unless = [], other_than: otherThan, when = {} }: MemberDeclaration): MemberPlace {
  return { id, unless, when, ...(otherThan === undefined ? {} : { otherThan }) };
}
