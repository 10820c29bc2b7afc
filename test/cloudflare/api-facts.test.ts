import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apiFacts } from '../../src/cloudflare/api-facts.ts';
import { rateLimits } from '../../src/cloudflare/budget.ts';
import { errorMessages } from '../../src/cloudflare/error-messages.ts';
import { errorTable } from '../../src/cloudflare/error-table.ts';

describe('apiFacts', () => {
  it('gives every message of the error table with its act, once for each hint', () => {
    for (const { name, act } of errorTable) {
      for (const says of errorMessages[name] ?? []) {
        expect(apiFacts.troubles.filter((trouble) => trouble.act === act && trouble.says.includes(says)).length, `${name}: ${says}`).toBe(1);
      }
    }
    const keys = apiFacts.troubles.map(({ act, hint }) => `${act} ${hint}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(errorTable.map(({ act, hint }) => `${act} ${hint}`)).size).toBe(keys.length);
  });

  it('leaves no blank in a hint', () => {
    expect(apiFacts.troubles.filter(({ hint }) => /\{\w+\}/.test(hint))).toEqual([]);
  });

  it('names every path that this program asks for by itself', () => {
    const text = readdirSync('src/cloudflare')
      .map((file) => readFileSync(`src/cloudflare/${file}`, 'utf8'))
      .join('\n');
    const asked = [...text.matchAll(/path(?:: |= )\s*['`](\/[^'`]+)['`]/g)].map(([, path]) =>
      String(path).replace(/\$\{encodeURIComponent\((\w+)Id\)\}/g, (_whole, scope: string) => `{${scope}_id}`),
    );
    expect(asked.length).toBeGreaterThanOrEqual(6);
    expect([...new Set(asked)].sort()).toEqual(apiFacts.calls.map(({ path }) => path).sort());
  });

  it('takes the limits from where they are kept', () => {
    expect(apiFacts.rateLimits.map(({ limit }) => limit)).toEqual([rateLimits.user.limit, rateLimits.logpullZone.limit, rateLimits.logpullUser.limit]);
  });
});
