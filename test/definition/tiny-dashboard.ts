import { type Edit, renderFaults } from './tiny-definition.ts';

/** Name of the tiny package's dashboard. */
export const overview = 'kibana/overview.yml';

/** The smallest dashboard that has something of everything. */
export const tinyDashboard = `
title: Overview
description: What samples say.
order: 1
streams: [sample]
controls:
  - { title: Address, field: source.ip }
panels:
  - title: Samples
    question: How many?
    kind: metric
    when: { event.outcome: success }
  - title: Scores
    question: Are scores falling?
    kind: time
    style: lines
    size: large
    measures:
      - { kind: percentile, percent: 95, field: cloudflare.sample.score, label: Score }
      - { kind: average, field: cloudflare.sample.score, label: Mean }
  - title: Addresses
    question: Who asks?
    kind: bar
    by: [{ field: source.ip, label: Address }]
    opens: overview
  - title: Classes
    question: Which classes are there?
    kind: donut
    by:
      - label: Class
        groups:
          - { label: Low, when: { cloudflare.sample.score: { below: 30 } } }
          - { label: High, when: { cloudflare.sample.score: { at_least: 30 } } }
  - title: Notes
    question: What is noted?
    kind: table
    by: [{ field: cloudflare.sample.note, label: Note, size: 5, order: name }]
    measures:
      - { kind: last, field: source.ip, label: Newest address }
      - { kind: max, field: '@timestamp', label: Newest }
      - { kind: unique, field: source.ip, label: Addresses, when: { cloudflare.sample.score: { at_least: 1 } } }
  - title: Hours
    question: When is what noted?
    kind: heatmap
    by: [{ field: cloudflare.sample.note, label: Note }]
  - title: Latest
    question: What came last?
    kind: events
    columns: [source.ip, cloudflare.sample.note]
    when: { source.ip: { exists: true } }
  - title: Words
    kind: markdown
    text: '**Read** this.'
`;

/** The edits that put the tiny dashboard into the tiny package, with these texts replaced. */
export function withDashboard(...replaced: readonly (readonly [from: string, to: string])[]): readonly Edit[] {
  let text = tinyDashboard;
  for (const [from, to] of replaced) {
    if (!text.includes(from)) throw new Error(`the tiny dashboard has no ${from}`);
    text = text.replace(from, () => to);
  }
  return [[overview, '', text]];
}

/** The faults of the tiny dashboard with these texts replaced, as `path: message / hint`. */
export async function renderDashboardFaults(...replaced: readonly (readonly [from: string, to: string])[]): Promise<readonly string[]> {
  return renderFaults(overview, ...withDashboard(...replaced));
}
