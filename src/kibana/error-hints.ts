/** What to do about Kibana's refusals. `{url}` and `{right}` are filled in where the error is made. */
export const errorHints = {
  network: 'Start Kibana at {url}, or correct kibana.url in the settings (or the URL of the command line).',
  certificate:
    'Name the certificate authority of Kibana under kibana.ssl.certificate_authorities, and use the host name that its certificate is made for; mind http and https.',
  timeout: 'Look whether Kibana at {url} is well, and run the same command again: it goes on from what is there.',
  address: 'Give the base address of Kibana (not of Elasticsearch), with its base path where it has one, e.g. https://kibana.example.com:5601.',
  moved: 'Give the address that {url} leads to, with its base path.',
  credential: 'Set kibana.api_key (encoded), or kibana.username and kibana.password, in the settings; a key must be valid and not expired.',
  proxy:
    'Correct kibana.proxy_url, or the proxy of the environment, with its user and password; let the proxy connect to {url}, or name this host in NO_PROXY.',
  space: 'Correct kibana.space in the settings: it is the id of a space, as in /s/ID of its address.',
  right: 'Let an administrator give the key or user a role with {right}.',
  registryName:
    "Kibana refuses an upload under the name of a package of Elastic's registry: install that one, or give this package another name in manifest.yml.",
  registry: 'Let Kibana reach its package registry (xpack.fleet.registryUrl), or tell it that there is none: xpack.fleet.isAirGapped: true.',
  liveDataStreams:
    'With Kibana, install comes first and collecting after. Remove what `install` without --kibana put there (`uninstall`), delete or rename the data streams that the message names (`uninstall --delete-data`; a backfill brings the events back), then run this command again.',
  datasetOwned: 'Remove the package that the message names in Kibana (Integrations > Installed), then run this command again.',
  forbiddenAsset:
    'Build the package anew with `build` from unchanged sources: a package that is uploaded may have no templates or pipelines beside its data streams.',
  tooOld: 'Upgrade Kibana, or use a version of this package that was made for it.',
  newer: 'Use the program of that version. Kibana cannot go back: only after `uninstall --kibana URL`, and in newer Kibanas without the collected events.',
  licence:
    'Name an agent policy after --agent-policy: one that no agent runs will do, create it under Fleet > Agent policies. Or install the package alone with --package-only, and add the integration in Kibana.',
  agentPolicy: 'Name an agent policy that exists after --agent-policy.',
  inUse: 'Delete the integration policies of the package first (`uninstall --kibana URL --delete-policies`, or in Kibana), then run this command again.',
  otherForm: 'The installed package has another form: run `install --kibana` with the version of this program that belongs to it.',
  values: 'Correct the values that the message names in the settings, then run this command again.',
  tooManyValues:
    'Divide the connection into several in the settings, each with some of the accounts or zones: newer Kibanas take 100 values at most in a list of an integration policy.',
  savedObjects: 'The dashboards need a newer Kibana, or an object of the same id is in the way: the message names it.',
  archive: 'Build the package anew with `build`; if it is unchanged, report this with the message above.',
  concurrent: 'Somebody else installs at the same moment: wait until that has ended and run the same command again.',
  nameTaken: 'Another integration policy has this name: rename it in Kibana, or give the connection another name in the settings.',
  tooLarge: 'Raise the body size that the proxy before Kibana allows; Kibana itself takes 100 MB.',
  notFound: 'Look whether the address is complete, with the base path of Kibana where it has one, and whether this Kibana has Fleet.',
  busy: 'Kibana is overloaded: run the same command again later.',
  starting: 'Kibana is starting or unwell: wait until {url}/api/status answers, then run the same command again.',
  server: "Look into Kibana's log; the same command may succeed later.",
  unknown: 'Mend what the message names.',
} as const;
