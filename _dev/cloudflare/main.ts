import { readCommandLine, renderHelp } from './command-line.ts';
import { DEMO_CREDENTIALS } from './credentials.ts';
import type { ServedRequest } from './ledger.ts';
import { type SimulatedCloudflare, startCloudflare } from './start-cloudflare.ts';

const [TOKEN, KEY] = DEMO_CREDENTIALS;

/** Starts what the command line asks for, says where it is and runs until it is stopped. */
async function main(): Promise<void> {
  const { faults, help, options, quiet } = readCommandLine(process.argv.slice(2));
  if (help) {
    process.stdout.write(renderHelp());
    return;
  }
  const cloudflare = await startCloudflare(options);
  for (const fault of faults) cloudflare.faults.add(fault);
  if (!quiet) cloudflare.ledger.onServed((request) => process.stderr.write(`${renderRequest(request)}\n`));
  process.stdout.write(renderStart(cloudflare));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void cloudflare.close());
}

function renderStart({ accounts, url, zones }: SimulatedCloudflare): string {
  const places = [...accounts.map(({ id, name }) => `account    ${id}  ${name}`), ...zones.map(({ id, name }) => `zone       ${id}  ${name}`)];
  const secrets = [`api token  ${TOKEN.token}`, `auth email ${KEY.email}`, `auth key   ${KEY.key}`];
  return `${[`url        ${url}`, ...places, ...secrets].join('\n')}\n`;
}

function renderRequest({ atMs, bytes, complete, count, fault, method, path, query, status }: ServedRequest): string {
  const search = new URLSearchParams(query).toString();
  const notes = [`${count} records`, `${bytes} bytes`, ...(fault === undefined ? [] : [`fault ${fault}`]), ...(complete ? [] : ['not complete'])];
  return `${new Date(atMs).toISOString()} ${status} ${method} ${path}${search === '' ? '' : `?${search}`} (${notes.join(', ')})`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
