import { describe, expect, it } from 'vitest';
import { readFormSsl } from '../../src/kibana/read-form-ssl.ts';

describe('the field ssl of the form', () => {
  it.each([
    ['', {}],
    ['# nothing but a comment\n\n', {}],
    ['enabled: false\nca_sha256: abc', {}],
    ['certificate_authorities: [/etc/ca.pem]\nverification_mode: none', { ssl: { certificate_authorities: ['/etc/ca.pem'], verification_mode: 'none' } }],
    ['enabled: true\ncertificate: a.pem\nkey: b.pem', { ssl: { certificate: 'a.pem', key: 'b.pem' } }],
  ])('%j is taken', (text, expected) => {
    expect(readFormSsl(text)).toEqual(expected);
  });

  it.each([
    ['supported_protocols: [TLSv1.3]\ncipher_suites: []', /does not know supported_protocols, cipher_suites$/],
    ['key_passphrase: very-secret', /does not know key_passphrase$/],
    ['just text', /this is no YAML with options/],
    ['- a\n- b', /this is no YAML with options/],
    ['key: [very-secret', /this is no YAML with options/],
    ['key: |\n  -----BEGIN PRIVATE KEY-----\n  very-secret\n', /^key hold a certificate or key itself/],
  ])('%j is refused without showing it', (text, message) => {
    const result = readFormSsl(text);
    expect(result).toMatchObject({ message: expect.stringMatching(message), hint: expect.stringContaining('paths of PEM files') });
    expect(JSON.stringify(result)).not.toContain('very-secret');
  });
});
