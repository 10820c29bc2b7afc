// What `npm test` runs; arguments go on to vitest. Written without new syntax, so that an old Node can say that it is too old.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const wanted = JSON.parse(readFileSync(`${root}package.json`, 'utf8')).engines.node;

/** Whether this Node is at least the one that package.json names (`>=20.19.0`). */
function isNewEnough() {
  const numbers = (text) =>
    text
      .replace(/^[^\d]*/, '')
      .split('.')
      .map(Number);
  const least = numbers(wanted);
  const own = numbers(process.versions.node);
  const different = least.findIndex((number, index) => number !== own[index]);
  return different === -1 || own[different] > least[different];
}

function run() {
  const vitest = `${root}node_modules/vitest/vitest.mjs`;
  const child = spawn(process.execPath, [vitest, 'run'].concat(process.argv.slice(2)), { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  let end = { totals: { failed: 1 }, line: '0 passed, 1 failed' };
  child.on('message', (message) => {
    end = message?.totals ? message : end;
  });
  // A terminal interrupts both; the child stops its engines and ends, and then we do.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('close', (code, signal) => {
    process.stdout.write(`${end.line}\n`);
    process.exitCode = code === null ? 1 : code || (end.totals.failed > 0 ? 1 : 0);
    if (signal) {
      process.stderr.write(`the tests were ended by ${signal}\n`);
    }
  });
}

if (isNewEnough()) {
  run();
} else {
  process.stderr.write(`Node ${process.versions.node} is too old for this project, which needs ${wanted}; install a newer one (https://nodejs.org)\n`);
  process.exitCode = 2;
}
