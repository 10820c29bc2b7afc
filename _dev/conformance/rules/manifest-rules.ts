import { isNewer, parseVersion } from '../../../src/definition/semver.ts';
import type { Data, PackageUnderTest } from '../package-under-test.ts';
import type { Rule } from '../rule.ts';

type Check = Rule['check'];

/** Least Kibana by format version: on the 8 line, and after it. */
const leastKibana: Readonly<Record<string, { readonly 8?: string; readonly 9: string }>> = {
  '3.0': { 8: '8.0.0', 9: '9.0.0' },
  '3.1': { 8: '8.16.0', 9: '9.0.0' },
  '3.2': { 8: '8.16.0', 9: '9.0.0' },
  '3.3': { 8: '8.16.0', 9: '9.0.0' },
  '3.4': { 8: '8.19.0', 9: '9.1.0' },
  '3.5': { 9: '9.2.0' },
  '3.6': { 9: '9.4.0' },
};

function kibanaRanges(manifest: Data): readonly string[] {
  return String(manifest.conditions?.kibana?.version ?? '')
    .split('||')
    .map((range) => range.trim());
}

const findForwarding: Check = ({ streams }) =>
  streams
    .flatMap(({ programs }) => programs)
    .filter(({ text }) => !/\{\{#contains "forwarded" tags\}\}\s*publisher_pipeline\.disable_host: true\s*\{\{\/contains\}\}/.test(text))
    .map(({ file }) => `${file}: publisher_pipeline.disable_host does not follow the tag forwarded`);

const findAgentless: Check = ({ manifest }) =>
  (manifest.policy_templates ?? []).flatMap(({ name, deployment_modes: modes }: Data) => {
    if (modes?.agentless?.enabled !== true) return [];
    const missing = ['organization', 'division', 'team'].filter((key) => modes.agentless[key] === undefined);
    return missing.map((key) => `manifest.yml: ${name} runs without an agent and does not say ${key}`);
  });

const findOwner: Check = ({ manifest: { owner } }) => [
  ...(/^[\w.-]+\/[\w.-]+$/.test(owner?.github ?? '') ? [] : ['manifest.yml: owner.github names no team']),
  ...(['elastic', 'partner', 'community'].includes(owner?.type) ? [] : ['manifest.yml: owner.type is none of elastic, partner and community']),
];

const findConditions: Check = ({ manifest }) => {
  const { categories = [] } = manifest;
  const loose = kibanaRanges(manifest).filter((range) => !/^\^\d+\.\d+\.\d+$/.test(range));
  return [
    ...(categories.length >= 1 && categories.length <= 2 ? [] : [`manifest.yml: ${categories.length} categories are not one or two`]),
    ...loose.map((range) => `manifest.yml: the Kibana condition ${range || '(none)'} has no caret and whole version`),
    ...(parseVersion(String(manifest.version)) === undefined ? [`manifest.yml: ${manifest.version} is no version`] : []),
  ];
};

const findFormat: Check = ({ manifest }) => {
  const format = String(manifest.format_version);
  const least = leastKibana[format.replace(/\.\d+$/, '')];
  if (least === undefined) return [`manifest.yml: format_version ${format} is unknown here`];
  return kibanaRanges(manifest).flatMap((range) => {
    const version = range.replace('^', '');
    const wanted = version.startsWith('8.') ? least[8] : least[9];
    return wanted === undefined || isNewer(wanted, version) ? [`manifest.yml: Kibana ${range} does not know format_version ${format}`] : [];
  });
};

function findLinks(changelog: Data): readonly string[] {
  return changelog.flatMap(({ version, changes = [] }: Data) =>
    (changes.length === 0 ? [{}] : changes).flatMap(({ description, type, link }: Data) => [
      ...(description && ['breaking-change', 'bugfix', 'enhancement', 'deprecation'].includes(type)
        ? []
        : [`changelog.yml: ${version} has an entry without description or type`]),
      ...(/^https:\/\/\S+\/(issues|pull)\/\d+$/.test(link ?? '')
        ? []
        : [`changelog.yml: ${version} has a link that ends in no issue or pull request: ${link}`]),
    ]),
  );
}

/** Which of major, minor and patch an entry's changes must at least raise; before 1.0.0 the minor stands for the major. */
function findSteps(changelog: Data): readonly string[] {
  return changelog.slice(0, -1).flatMap((entry: Data, index: number) => {
    const [after, before] = [parseVersion(entry.version), parseVersion(changelog[index + 1].version)];
    if (after === undefined || before === undefined || !isNewer(entry.version, changelog[index + 1].version)) {
      return [`changelog.yml: ${entry.version} stands above ${changelog[index + 1].version} and is not newer`];
    }
    const types: readonly string[] = entry.changes.map(({ type }: Data) => type);
    const raised = after.findIndex((part, position) => part !== before[position]);
    const least = types.includes('breaking-change') ? (after[0] === 0 ? 1 : 0) : types.includes('enhancement') ? 1 : 2;
    return raised > least ? [`changelog.yml: ${entry.version} raises too little for ${types.join(', ')}`] : [];
  });
}

const findChangelog: Check = ({ manifest, changelog }) => {
  if (!Array.isArray(changelog) || changelog.length === 0) return ['changelog.yml has no entry'];
  const [newest] = changelog;
  const top = newest.version === manifest.version ? [] : [`changelog.yml: the newest entry is ${newest.version}, the package ${manifest.version}`];
  return [...top, ...findLinks(changelog), ...findSteps(changelog)];
};

const findImages: Check = ({ files, manifest }) => {
  const { icons = [], screenshots = [] } = manifest;
  const missing = [...icons, ...screenshots].filter(({ src }: Data) => !files.has(String(src).replace(/^\//, '')));
  return [
    ...(icons.length === 0 ? ['manifest.yml names no icon'] : []),
    ...(screenshots.length === 0 ? ['manifest.yml names no screenshot'] : []),
    ...icons.filter(({ type }: Data) => type !== 'image/svg+xml').map(({ src }: Data) => `manifest.yml: the icon ${src} is no svg`),
    ...screenshots.filter(({ type }: Data) => type !== 'image/png').map(({ src }: Data) => `manifest.yml: the screenshot ${src} is no png`),
    ...missing.map(({ src }: Data) => `manifest.yml: there is no ${src}`),
  ];
};

const findAgentVersions: Check = (tested: PackageUnderTest) => {
  const using = tested.streams.flatMap(({ programs }) => programs).filter(({ text }) => text.includes('semverSatisfies'));
  const old = kibanaRanges(tested.manifest).some((range) => isNewer('9.4.0', range.replace('^', '')));
  return old ? using.map(({ file }) => `${file}: semverSatisfies needs Kibana 9.4`) : [];
};

/** Rules on manifests, changelog, pictures and the agent's templates. */
export const manifestRules: readonly Rule[] = [
  { id: 'F7', checks: 'publisher_pipeline.disable_host follows the tag forwarded', check: findForwarding },
  { id: 'F8', checks: 'a policy template that runs without an agent says whose it is', check: findAgentless },
  { id: 'F9', checks: 'owner.github and owner.type', check: findOwner },
  { id: 'F10', checks: 'one or two categories, Kibana conditions with caret, a whole version', check: findConditions },
  { id: 'F11', checks: 'every Kibana that the condition lets in knows the format_version', check: findFormat },
  { id: 'F12', checks: 'changelog: newest first, type and link to an issue in every entry, right step of the version', check: findChangelog },
  { id: 'F13', checks: 'an svg icon, png screenshots, and the files are there', check: findImages },
  { id: 'F14', checks: 'templates ask for the agent version only where Kibana can say it', check: findAgentVersions },
];
