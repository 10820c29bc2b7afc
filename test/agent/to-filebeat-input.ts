import { compileAgentTemplate } from '../../src/compile/compile-agent-template.ts';
import type { PackageDefinition } from '../../src/definition/definition.ts';
import { type FormValue, renderAgentTemplate } from '../compile/render-agent-template.ts';

/** A policy of the integration, as far as one stream goes. */
export interface AgentPolicy {
  readonly definition: PackageDefinition;
  readonly stream: string;
  readonly namespace: string;
  /** What the form gives besides the declared defaults. */
  readonly variables: Readonly<Record<string, FormValue>>;
}

function addFields(target: string, fields: object): object {
  return { add_fields: { target, fields } };
}

/** The defaults that the form starts with. */
function readDefaults({ definition, stream }: AgentPolicy): Readonly<Record<string, FormValue>> {
  const variables = [...definition.variables, ...(definition.streams.find(({ name }) => name === stream)?.variables ?? [])];
  const offered = variables.filter((variable) => variable.for !== 'collector');
  return Object.fromEntries(offered.flatMap(({ default: value, name }) => (value === undefined ? [] : [[name, value as FormValue]])));
}

/** The input that Elastic Agent makes of a policy for its Filebeat: the rendered template, the data stream, and in front the processors of its own. */
export function toFilebeatInput(policy: AgentPolicy): Readonly<Record<string, unknown>> {
  const { definition, namespace, stream } = policy;
  const declared = definition.streams.find(({ name }) => name === stream);
  if (declared === undefined) throw new Error(`there is no data stream ${stream}`);
  const dataset = `${definition.name}.${stream}`;
  const config = renderAgentTemplate(String(compileAgentTemplate(declared, definition)), { ...readDefaults(policy), ...policy.variables });
  const own = [
    addFields('elastic_agent', { id: 'agent-1', snapshot: false, version: '9.1.0' }),
    addFields('agent', { id: 'agent-1' }),
    addFields('@metadata', { input_id: 'cel-1' }),
    addFields('data_stream', { type: 'logs', dataset, namespace }),
    addFields('event', { dataset }),
    addFields('@metadata', { stream_id: `cel-${dataset}` }),
  ];
  return { type: 'cel', id: `cel-${dataset}`, index: `logs-${dataset}-${namespace}`, ...config, processors: [...own, ...config.processors] };
}
