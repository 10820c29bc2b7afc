const REPORT = 'This is a fault of this program: report it with the message and the ray id.';
const CHECK = 'Check {credential} of this connection in the settings';

/** What a person can do about a refusal; `{permission}`, `{scope}`, `{grant}` and `{credential}` are filled in. */
export const errorHints = {
  again: 'Nothing to do: the request is sent again.',
  shorter: 'Nothing to do: the collector asks for shorter windows.',
  jump: 'Nothing to do: the collector goes on where Cloudflare still has logs and writes a gap record. Collect more often than the logs are kept.',
  recent: 'Nothing to do: the logs are read as soon as Cloudflare serves them. If this stays, check the clock of this machine.',
  limit: 'Nothing to do: the collector waits as long as Cloudflare asks. If this stays, raise "interval", or see what else uses this Cloudflare user.',
  server: 'Nothing to do: the request is sent again. If this stays, see https://www.cloudflarestatus.com.',
  window: 'Nothing to do: the window is read again.',
  report: REPORT,
  route: `Check api_url in the settings: it must end in /client/v4. Otherwise: ${REPORT}`,
  shape: `The answer is not as documented. ${REPORT}`,
  retention:
    'Turn on log retention of {scope} (POST /zones/ZONE_ID/logs/control/retention/flag with {"flag":true}; Enterprise plan only); logs are kept from then on.',
  fields: 'Correct "fields" in the settings: the command check lists the names that {scope} offers.',
  accountToken: 'Name the account ids in the settings: a token that an account owns cannot list accounts.',
  form: `${CHECK}: Cloudflare does not take it as it is written there.`,
  throttled: `Cloudflare saw too many failed logins. ${CHECK}.`,
  location: "Add the address in the message to the token's client IP filter, or collect from an address that it allows.",
  access: 'Turn on Zero Trust Access for {scope}, or remove this stream from the settings.',
  rejected: `${CHECK}: it is unknown, disabled or expired. Make a new one if need be.`,
  unauthorized: `${CHECK}. If it is right: {grant}.`,
  grant: '{grant}.',
  identifier: 'Check the id of {scope} in the settings: Cloudflare knows none like it.',
  notFound: 'Check the id of {scope} and api_url in the settings: Cloudflare has nothing there.',
  network:
    'Check that this machine reaches the address of api_url, through proxy_url if one is set, that ssl names the authority of its certificate, and certificate and key where a client certificate is demanded.',
  noJson: 'The request is sent again. If this stays, check api_url and the proxy: something else than the Cloudflare API answers.',
  moved: 'Correct api_url in the settings: the address there sends elsewhere.',
  unknown: 'Look up the message of Cloudflare. If it says nothing, check the id of {scope} and the permission of the credential: {grant}.',
} as const;
