/** A part of a rule that no machine without Kibana, a stack, or the public repository can show. */
export interface Owed {
  readonly id: string;
  readonly checks: string;
  /** What somebody has to do, and where. */
  readonly owes: string;
}

/** All of them. */
export const owed: readonly Owed[] = [
  { id: 'P9', checks: "event.ingested is set by Fleet's final pipeline", owes: 'Kibana: install the package and look at one event.' },
  { id: 'F6', checks: 'the form shows the variables as meant', owes: 'Kibana: open the form of the integration and look at it.' },
  { id: 'F9', checks: 'CODEOWNERS names the owner', owes: 'The public repository: add the line for the package folder.' },
  { id: 'F12', checks: "the changelog's links lead to issues that exist", owes: 'The public repository: follow each link.' },
  {
    id: 'F13',
    checks: 'screenshots of the dashboards in Kibana',
    owes: 'Kibana: take them from installed dashboards and put them into img/ as png, in the place of previews.',
  },
  {
    id: 'D5',
    checks: "Elastic's prose linter finds nothing",
    owes: "Vale with Elastic's styles, which this project does not install: run it over docs/README.md.",
  },
  {
    id: 'T4',
    checks: 'system tests run',
    owes: 'A stack (elastic-package stack up): run the agent against the simulated API, and put its settings in the place of the skips.',
  },
  { id: 'T5', checks: 'policy tests', owes: 'Kibana: elastic-package test policy --generate for each data stream.' },
  {
    id: 'T8',
    checks: 'runs on the least Kibana, the newest 8.x and 9.x, serverless',
    owes: 'Stacks of these versions: install and run the system tests. Elasticsearch 8.19 and 9.2 alone are tested here.',
  },
  {
    id: 'K1',
    checks: 'dashboards were exported from Kibana',
    owes: 'Kibana: import the dashboards, look at each panel, export them again and compare.',
  },
];
