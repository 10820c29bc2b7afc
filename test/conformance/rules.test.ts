import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rules } from '../../_dev/conformance/list-rules.ts';
import { readPackage } from '../../_dev/conformance/package-under-test.ts';
import { plantedFaults } from './planted-faults.ts';
import { readSentences } from './read-sentences.ts';
import { tinyPackage } from './tiny-package.ts';

function judge(files: ReadonlyMap<string, string>): readonly { readonly id: string; readonly checks: string; readonly faults: readonly string[] }[] {
  const tested = readPackage(files);
  const idle = rules.filter((rule) => rule.isIdle?.(tested) !== undefined);
  expect(idle).toEqual([]);
  return rules.map((rule) => ({ id: rule.id, checks: rule.checks, faults: rule.check(tested) })).filter(({ faults }) => faults.length > 0);
}

/** Every planted fault and what the rules find. */
const judged = plantedFaults.map((planted) => ({ ...planted, found: judge(planted.files) }));

describe('the rules', () => {
  it('find nothing in a package that keeps them', () => {
    expect(judge(tinyPackage)).toEqual([]);
  });

  it.each(judged)('name $id and nothing else: $says', ({ id, says, found }) => {
    expect(found.map((rule) => rule.id)).toEqual([id]);
    expect(found[0]?.faults.join('\n')).toContain(says);
  });

  it('are each shown to find a fault', () => {
    const shown = new Set(judged.flatMap(({ found }) => found.map(({ id, checks }) => `${id} ${checks}`)));
    expect(rules.map(({ id, checks }) => `${id} ${checks}`).filter((rule) => !shown.has(rule))).toEqual([]);
  });

  it.each(readdirSync('_dev/conformance/rules').filter((file) => /-rules\.ts$/.test(file)))('of %s are shown to say each of their sentences', (file) => {
    const said = judged.flatMap(({ found }) => found.flatMap(({ faults }) => faults));
    const sentences = readSentences(`_dev/conformance/rules/${file}`);
    expect(sentences.length).toBeGreaterThan(5);
    expect(sentences.filter(({ pattern }) => !said.some((fault) => pattern.test(fault))).map(({ text }) => text)).toEqual([]);
  });

  it('take a field for shown that another data stream of the same fields shows, and no other', () => {
    const again = (from: ReadonlyMap<string, string>, changed: (text: string) => string = (text) => text) =>
      [...from]
        .filter(([path]) => path.startsWith('data_stream/s/'))
        .map(([path, text]) => [path.replace('data_stream/s/', 'data_stream/t/'), changed(text)] as const);
    const without = (text: string) => text.replaceAll('"what": "a"', '"other": 1');
    const unused = (files: ReadonlyMap<string, string>) =>
      judge(files).flatMap(({ faults }) => faults.filter((fault) => fault.includes('stands in no expected document')));
    const second = again(tinyPackage, without);
    expect(unused(new Map([...tinyPackage, ...second]))).toEqual([]);
    const others = second.map(
      ([path, text]) => [path, path.endsWith('/fields/fields.yml') ? `${text}\n- { name: tiny.s.more, type: keyword, description: More. }\n` : text] as const,
    );
    expect(unused(new Map([...tinyPackage, ...others]))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^data_stream\/t\/: tiny\.s\.what is declared/)]),
    );
  });

  it('say why they are idle where there is nothing to check', () => {
    const tested = readPackage(new Map([...tinyPackage].filter(([path]) => !path.startsWith('kibana/'))));
    expect(rules.filter((rule) => rule.isIdle?.(tested) !== undefined).map(({ id }) => id)).toEqual(['K1', 'K2', 'K3', 'K3', 'K4', 'K5', 'K6', 'K7']);
  });
});
