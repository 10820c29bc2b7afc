import { load } from 'js-yaml';
import type { FilledForm } from './make-policy.ts';
import type { PackageInfo, VarInfo } from './package-info.ts';
import type { PolicyVars } from './package-policy.ts';
import { Refused } from './reply.ts';
import { isSecretRef } from './secrets.ts';

/**
 * Checks the values of a form's switched-on parts.
 * @throws {Refused} that names every value that is missing or wrong
 */
export function checkValues(info: PackageInfo, { inputs, vars = {} }: FilledForm): void {
  const several = info.policy_templates.length > 1;
  const faults = [
    ...findFaults(info.vars, vars, 'vars'),
    ...inputs
      .filter(({ enabled }) => enabled)
      .flatMap((input) => {
        const key = several ? `${input.policy_template}-${input.type}` : input.type;
        const streams = input.streams.filter(({ enabled }) => enabled);
        return [
          ...findFaults(toInputVars(info, input.policy_template, input.type), input.vars ?? {}, `inputs.${key}.vars`),
          ...streams.flatMap((stream) => {
            const { dataset } = stream.data_stream;
            return findFaults(toStreamVars(info, dataset, input.type), stream.vars ?? {}, `inputs.${key}.streams.${dataset}.vars`);
          }),
        ];
      }),
  ];
  if (faults.length > 0) throw new Refused(400, `Package policy is invalid: ${faults.join('\n')}`);
}

function toInputVars({ policy_templates: templates }: PackageInfo, template: string | undefined, type: string): readonly VarInfo[] | undefined {
  return templates.find(({ name }) => name === template)?.inputs?.find((input) => input.type === type)?.vars;
}

function toStreamVars({ data_streams: streams }: PackageInfo, dataset: string, type: string): readonly VarInfo[] | undefined {
  return streams.find((stream) => stream.dataset === dataset)?.streams?.find(({ input }) => input === type)?.vars;
}

function findFaults(vars: readonly VarInfo[] = [], values: PolicyVars, place: string): readonly string[] {
  return vars.flatMap((one) => {
    const fault = findFault(one, values[one.name]?.value);
    return fault === undefined ? [] : [`${place}.${one.name}: ${fault}`];
  });
}

function findFault(one: VarInfo, value: unknown): string | undefined {
  if (one.secret === true && isSecretRef(value)) return undefined;
  const given = typeof value === 'string' ? value.trim() : value;
  const isMissing = given === undefined || (one.type === 'yaml' && given === '') || (one.multi === true && isEmptyList(given));
  if (one.required === true && isMissing) return `${one.title ?? one.name} is required`;
  if (one.type === 'yaml' && !isYaml(String(value))) return 'Invalid YAML format';
  if (one.multi === true) return findListFault(one, given);
  return findSingleFault(one, given);
}

function isEmptyList(given: unknown): boolean {
  return Array.isArray(given) && (given.length === 0 || given.some((item) => typeof item === 'string' && item.trim() === ''));
}

function findListFault({ name, title, type }: VarInfo, given: unknown): string | undefined {
  if (!given) return undefined;
  if (!Array.isArray(given)) return `Invalid format for ${title ?? name}: expected array`;
  if (type === 'text' && given.some((item) => /^[*&]/.test(String(item)))) return SPECIAL;
  return type === 'integer' && given.some((item) => !Number.isInteger(Number(item))) ? 'Invalid integer' : undefined;
}

const SPECIAL = 'Strings starting with special YAML characters like * or & need to be enclosed in double quotes.';

/** What may stand in a control that takes one value, by its type. */
const FITS: Readonly<Record<string, (given: unknown) => boolean>> = {
  text: (given) => !/^[*&]/.test(String(given)),
  bool: (given) => !given || ['true', 'false'].includes(String(given)),
  integer: (given) => !given || Number.isInteger(Number(given)),
  url: (given) => given === '' || URL.canParse(String(given)),
  duration: (given) => /^(\d+(ms|s|m|h))+$/.test(String(given)),
};

const FAULTS: Readonly<Record<string, string>> = {
  text: SPECIAL,
  bool: 'Boolean values must be either true or false',
  integer: 'Invalid integer',
  url: 'Invalid URL format',
  duration: 'Invalid duration format. Expected format like "1h30m45s"',
};

function findSingleFault({ options = [], type }: VarInfo, given: unknown): string | undefined {
  if (given === undefined) return undefined;
  if (type === 'select') return options.some((option) => option.value === given) ? undefined : 'Invalid value for select type';
  if (given === null) return undefined;
  return FITS[type]?.(given) === false ? FAULTS[type] : undefined;
}

function isYaml(text: string): boolean {
  try {
    load(text);
    return true;
  } catch {
    return text.trim() === '';
  }
}
