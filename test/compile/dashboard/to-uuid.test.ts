import { describe, expect, it } from 'vitest';
import { toUuid } from '../../../src/compile/dashboard/to-uuid.ts';

describe('toUuid', () => {
  it('is version 5 of RFC 9562, as others make it', () => {
    // Python: uuid.uuid5(uuid.NAMESPACE_URL, 'urn:cloudflare_api/dashboard/audit-overview')
    expect(toUuid('cloudflare_api', 'dashboard', 'audit-overview')).toBe('8862f16f-872b-5d77-8e69-2f181d9f3c74');
    // Python: uuid.uuid5(uuid.NAMESPACE_URL, 'urn:a/panel%20What%20is%20%2F%3F')
    expect(toUuid('a', 'panel What is /?')).toBe('13f0499a-7572-5611-a854-2e41f96d7612');
  });

  it('tells names apart however they are split', () => {
    expect(toUuid('a', 'b/c')).not.toBe(toUuid('a/b', 'c'));
  });
});
