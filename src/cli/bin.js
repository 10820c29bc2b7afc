#!/usr/bin/env node
// Plain JavaScript that any Node can read, so that one too old is told so in a sentence.
import { existsSync } from 'node:fs';

const needed = [20, 19];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(
    `cloudflare-integration needs Node.js ${needed.join('.')} or newer; this is ${process.versions.node}.\n  Install a newer Node.js from https://nodejs.org, then run npm ci again.`,
  );
  process.exit(2);
}

const sources = new URL('./main.ts', import.meta.url);
if (existsSync(sources)) {
  const { register } = await import('tsx/esm/api');
  register();
  await import(sources.href);
} else {
  await import(new URL('../../dist/cli/main.js', import.meta.url).href);
}
