import { describe, expect, it } from 'vitest';
import { findProxy } from '../../src/settings/find-proxy.ts';

const PROXY = 'http://user:hush@proxy:3128';

describe('findProxy', () => {
  it.each([
    ['the settings', 'https://a', 'http://own:1', { HTTPS_PROXY: PROXY, NO_PROXY: '*' }, 'http://own:1'],
    ['nothing', 'https://a', undefined, {}, undefined],
    ['HTTPS_PROXY for https', 'https://a', undefined, { HTTPS_PROXY: PROXY, HTTP_PROXY: 'http://other' }, PROXY],
    ['HTTP_PROXY for https where it is alone', 'https://a', undefined, { HTTP_PROXY: PROXY }, PROXY],
    ['HTTP_PROXY for http', 'http://a', undefined, { HTTPS_PROXY: 'http://other', HTTP_PROXY: PROXY }, PROXY],
    ['nothing for http where only HTTPS_PROXY is set', 'http://a', undefined, { HTTPS_PROXY: PROXY }, undefined],
    ['lower case first', 'https://a', undefined, { HTTPS_PROXY: 'http://other', https_proxy: PROXY }, PROXY],
    ['an empty variable as none', 'https://a', undefined, { https_proxy: '', HTTPS_PROXY: PROXY }, PROXY],
  ])('takes %s', (_what, url, own, env, proxy) => {
    expect(findProxy(url, own, env)).toBe(proxy);
  });

  it.each([
    ['https://a.example.com:9200', 'example.com', true],
    ['https://a.example.com:9200', '.example.com', true],
    ['https://a.example.com:9200', '*.example.com', true],
    ['https://example.com', '.example.com', true],
    ['https://badexample.com', 'example.com', false],
    ['https://A.Example.com', 'x, a.EXAMPLE.com', true],
    ['https://a:9200', 'a:9200', true],
    ['https://a:9200', 'a:9201', false],
    ['https://a', 'a:443', true],
    ['http://a', 'a:80', true],
    ['http://a', 'a:443', false],
    ['http://[::1]:9200', '::1', true],
    ['http://[::1]:9200', '[::1]:9200', true],
    ['http://[::1]:9200', '[::1]:9201', false],
    ['https://a', 'b c,d  *', true],
    ['https://a', '', false],
    ['https://a', ' , ', false],
  ])('%s with NO_PROXY=%s goes past the proxy: %s', (url, NO_PROXY, past) => {
    expect(findProxy(url, undefined, { HTTP_PROXY: PROXY, NO_PROXY })).toBe(past ? undefined : PROXY);
  });

  it('refuses what is no address, without showing it', () => {
    const find = () => findProxy('https://a', undefined, { HTTPS_PROXY: 'user:hush@proxy:3128' });
    expect(find).toThrow(/environment HTTPS_PROXY: this is no address of a proxy/);
    expect(find).not.toThrow(/hush/);
  });
});
