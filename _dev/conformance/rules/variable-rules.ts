import type { Data, PackageUnderTest } from '../package-under-test.ts';
import type { Rule } from '../rule.ts';

/** A variable of Kibana's form and where it is declared. */
interface PlacedVariable {
  readonly label: string;
  readonly variable: Data;
}

/** What every integration offers under the same name. */
const standard = [
  'tags',
  'preserve_original_event',
  'preserve_duplicate_custom_fields',
  'processors',
  'interval',
  'initial_interval',
  'proxy_url',
  'ssl',
  'enable_request_tracer',
];

/** Longest description in characters that the form shows on one or two lines. */
const LONGEST = 140;

function ofPackage({ manifest }: PackageUnderTest): readonly PlacedVariable[] {
  const templates: readonly Data[] = manifest.policy_templates ?? [];
  const lists = [manifest, ...templates, ...templates.flatMap((template: Data) => template.inputs ?? [])].map(({ vars }: Data) => vars ?? []);
  return lists.flat().map((variable: Data) => ({ label: `manifest.yml: ${variable.name}`, variable }));
}

function ofStreams({ streams }: PackageUnderTest): readonly { readonly folder: string; readonly variables: readonly PlacedVariable[] }[] {
  return streams.flatMap(({ folder, manifest }) =>
    (manifest.streams ?? []).map((stream: Data) => ({
      folder,
      variables: (stream.vars ?? []).map((variable: Data) => ({ label: `${folder}manifest.yml: ${variable.name}`, variable })),
    })),
  );
}

function listVariables(tested: PackageUnderTest): readonly PlacedVariable[] {
  return [...ofPackage(tested), ...ofStreams(tested).flatMap(({ variables }) => variables)];
}

function isSecret({ name, type }: Data): boolean {
  return type === 'password' || (/(access_key|api_key|passphrase|password|secret|token)/.test(name) && !/_(file|url)$/.test(name));
}

function findSecrets(tested: PackageUnderTest): readonly string[] {
  const found = listVariables(tested).filter(({ variable }) => isSecret(variable));
  return [
    ...found.filter(({ variable }) => typeof variable.secret !== 'boolean').map(({ label }) => `${label} does not say whether it is secret`),
    ...found.filter(({ variable }) => variable.type === 'password' && variable.secret !== true).map(({ label }) => `${label} is a password and not secret`),
  ];
}

function findUnclear({ label, variable }: PlacedVariable): readonly string[] {
  const { title, description, required, show_user: shown } = variable;
  return [
    ...(typeof title === 'string' && title !== '' ? [] : [`${label} has no title`]),
    ...(typeof description === 'string' && description !== '' ? [] : [`${label} has no description`]),
    ...(String(description ?? '').length > LONGEST ? [`${label}: the description is longer than ${LONGEST} characters`] : []),
    ...(typeof required === 'boolean' ? [] : [`${label} does not say whether it is required`]),
    ...(typeof shown === 'boolean' ? [] : [`${label} does not say whether it is shown`]),
  ];
}

/** One fault for each standard variable, with the streams that lack it. */
function findMissing(tested: PackageUnderTest): readonly string[] {
  const shared = ofPackage(tested);
  return standard.flatMap((name) => {
    const lacking = ofStreams(tested).filter(({ variables }) => ![...shared, ...variables].some(({ variable }) => variable.name === name));
    return lacking.length === 0 ? [] : [`${name} is not offered by ${lacking.map(({ folder }) => folder).join(', ')}`];
  });
}

function findForwarded(tested: PackageUnderTest): readonly string[] {
  return ofStreams(tested)
    .flatMap(({ variables }) => variables)
    .filter(({ variable }) => variable.name === 'tags' && ![variable.default].flat().includes('forwarded'))
    .map(({ label }) => `${label} does not hold forwarded by default`);
}

/** Rules on the variables of Kibana's form. */
export const variableRules: readonly Rule[] = [
  { id: 'F5', checks: 'variables that hold a credential say that they are secret', check: findSecrets },
  { id: 'F6', checks: 'variables have title, short description, required and show_user', check: (tested) => listVariables(tested).flatMap(findUnclear) },
  { id: 'F6', checks: 'the standard variables are offered, tags with forwarded', check: (tested) => [...findMissing(tested), ...findForwarded(tested)] },
];
