import type { PackageDefinition } from '../definition/definition.ts';
import { compileVariables } from './compile-variables.ts';

/** A picture of the package, found in `img/`. */
export interface PackageImage {
  /** File name, e.g. `icon.svg`. */
  readonly name: string;
  /** Width and height in pixels. */
  readonly size: string;
}

interface ManifestImages {
  readonly icons: readonly PackageImage[];
  readonly screenshots: readonly PackageImage[];
}

function toTitle(name: string): string {
  const words = name.replace(/\.\w+$/, '').replaceAll(/[-_]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function renderImages(images: readonly PackageImage[], type: string): readonly object[] {
  return images.map(({ name, size }) => ({ src: `/img/${name}`, title: toTitle(name), size, type }));
}

/**
 * Agentless is not offered: it wants organization, division and team of Elastic, who answer for those agents, and a community package has none. Who wants
 * no agent takes the collector.
 */
const deploymentModes = { default: { enabled: true }, agentless: { enabled: false } };

/** The package's `manifest.yml` as plain data: one policy template with one input, `cel`, that all streams share. */
export function compilePackageManifest(definition: PackageDefinition, images: ManifestImages): object {
  const { policyTemplate } = definition;
  const input = {
    type: 'cel',
    title: policyTemplate.title,
    description: policyTemplate.description,
    vars: compileVariables(definition.variables),
  };
  const { name, title, description: about } = policyTemplate;
  return {
    format_version: definition.formatVersion,
    name: definition.name,
    title: definition.title,
    version: definition.version,
    description: definition.description,
    type: 'integration',
    categories: definition.categories,
    conditions: { kibana: { version: definition.kibanaVersion }, elastic: { subscription: 'basic' } },
    ...(images.screenshots.length === 0 ? {} : { screenshots: renderImages(images.screenshots, 'image/png') }),
    ...(images.icons.length === 0 ? {} : { icons: renderImages(images.icons, 'image/svg+xml') }),
    policy_templates: [{ name, title, description: about, deployment_modes: deploymentModes, inputs: [input] }],
    owner: definition.owner,
    source: { license: 'Apache-2.0' },
  };
}
