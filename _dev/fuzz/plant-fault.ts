import type { FieldDefinition, StreamDefinition } from '../../src/definition/definition.ts';

/**
 * A stream with a fault: the first text that a field takes from the record as it is becomes upper case. For showing that the fault is found.
 * @throws Error for a stream without such a field
 */
export function plantFault(stream: StreamDefinition): StreamDefinition {
  const at = stream.fields.findIndex(({ origin, when, name }) => origin.kind === 'record' && origin.to === 'keyword' && !when && !name.includes('.id'));
  const field = stream.fields[at];
  if (field?.origin.kind !== 'record') throw new Error(`data_stream/${stream.name} has no field to plant a fault in`);
  const faulty: FieldDefinition = { ...field, origin: { ...field.origin, to: 'uppercase' } };
  return { ...stream, fields: stream.fields.with(at, faulty) };
}
