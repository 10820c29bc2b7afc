import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { compileChangelog } from '../../src/compile/compile-changelog.ts';
import { compilePackageManifest } from '../../src/compile/compile-package-manifest.ts';
import { compileStreamManifest } from '../../src/compile/compile-stream-manifest.ts';
import { compileVariables } from '../../src/compile/compile-variables.ts';
import { renderYaml } from '../../src/compile/render-yaml.ts';
import { toImageSize } from '../../src/compile/to-image-size.ts';
import { audit, definition } from './definition.ts';

describe('the package manifest', () => {
  const manifest = compilePackageManifest(definition, { icons: [{ name: 'icon.svg', size: '32x32' }], screenshots: [] });

  it('offers one input with the variables of all streams', () => {
    expect(manifest).toMatchObject({
      format_version: '3.4.2',
      version: '0.1.0',
      conditions: { kibana: { version: '^8.19.0 || ^9.1.0' } },
      icons: [{ src: '/img/icon.svg', title: 'Icon', size: '32x32', type: 'image/svg+xml' }],
      owner: { github: 'cloudflare-integration/maintainers', type: 'community' },
      policy_templates: [
        {
          name: 'cloudflare_api',
          deployment_modes: { default: { enabled: true }, agentless: { enabled: false } },
          inputs: [{ type: 'cel' }],
        },
      ],
    });
    expect(manifest).not.toHaveProperty('screenshots');
  });

  it('survives YAML', () => {
    expect(load(renderYaml(manifest))).toEqual(manifest);
  });
});

describe('the form', () => {
  it('hides secrets, and says of each name that looks like one what it is', () => {
    const variables = [...definition.variables, { ...definition.variables[0], name: 'token_url', type: 'url' } as never];
    const secrets = compileVariables(variables).map(({ name, type, secret }) => [name, type, secret]);
    expect(secrets).toEqual([
      ['api_url', 'url', undefined],
      ['api_token', 'password', true],
      ['auth_email', 'text', undefined],
      ['auth_key', 'password', true],
      ['proxy_url', 'url', undefined],
      ['ssl', 'yaml', undefined],
      ['token_url', 'url', false],
    ]);
  });

  it('says where only the collector takes the word all, and takes no other addresses than http and https', () => {
    const [id] = compileVariables([{ ...audit.variables[0], all: true } as never]);
    expect(id?.description).toBe('account_id. Only the collector takes the word all.');
    const addresses = compileVariables(definition.variables).filter(({ type }) => type === 'url');
    expect(addresses.map(({ name, url_allowed_schemes: schemes }) => [name, schemes])).toEqual([
      ['api_url', ['https', 'http']],
      ['proxy_url', ['https', 'http']],
    ]);
  });

  it('leaves out what only the collector takes, and keeps defaults and choices', () => {
    const choice = { ...audit.variables[1], name: 'audit_api', type: 'select', options: ['v1', 'v2'], default: 'v1' } as never;
    const variables = compileVariables([...audit.variables, choice]);
    expect(variables.map(({ name }) => name)).toEqual(['account_id', 'interval', 'initial_interval', 'tags', 'audit_api']);
    expect(variables.at(-1)).toMatchObject({
      type: 'select',
      default: 'v1',
      options: [
        { value: 'v1', text: 'v1' },
        { value: 'v2', text: 'v2' },
      ],
    });
    expect(variables[0]).toEqual({
      name: 'account_id',
      type: 'text',
      title: 'account_id',
      description: 'account_id.',
      multi: true,
      required: true,
      show_user: true,
    });
  });
});

describe('a data stream manifest', () => {
  it('offers a stream where there is a source', () => {
    expect(compileStreamManifest(audit)).toMatchObject({ type: 'logs', streams: [{ input: 'cel', template_path: 'cel.yml.hbs' }] });
    expect(compileStreamManifest({ ...audit, sources: [] })).not.toHaveProperty('streams');
  });

  it('says where the form begins with the stream switched off', () => {
    expect(compileStreamManifest(audit)).not.toHaveProperty('streams.0.enabled');
    expect(compileStreamManifest({ ...audit, enabled: false })).toMatchObject({ streams: [{ enabled: false }] });
  });

  it('raises the limit of fields with their number', () => {
    const many = Array.from({ length: 500 }, () => audit.fields[0]) as never;
    const limit = { elasticsearch: { index_template: { settings: { index: { mapping: { total_fields: { limit: 2000 } } } } } } };
    expect(compileStreamManifest({ ...audit, fields: many })).toMatchObject(limit);
  });
});

describe('the changelog', () => {
  it('names versions, changes and links', () => {
    expect(compileChangelog(definition)).toEqual(definition.changelog);
  });
});

describe('pictures', () => {
  it('say their size', () => {
    const png = Buffer.concat([Buffer.alloc(16), Buffer.from([0, 0, 4, 0, 0, 0, 2, 0])]);
    expect(toImageSize('a.png', png)).toBe('1024x512');
    expect(toImageSize('a.svg', '<?xml?><svg xmlns="x" width="32" height="16px">')).toBe('32x16');
    expect(() => toImageSize('a.svg', '<svg viewBox="0 0 1 1">')).toThrow('img/a.svg: the picture does not say its width and height');
  });
});
