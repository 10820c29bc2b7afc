import type { PackageDefinition } from '../definition/definition.ts';
import { renderMarkdownTable } from './render-markdown-table.ts';

/** The dashboards of the package: what each shows, and the questions of its panels. */
export function compileDashboardsTable({ dashboards }: PackageDefinition): string {
  const rows = dashboards.map(({ title, description, panels }) => {
    const questions = panels.flatMap((panel) => (panel.kind === 'markdown' ? [] : [panel.question]));
    return [title, description, questions.join(' ')];
  });
  return renderMarkdownTable(['Dashboard', 'Shows', 'Answers'], rows);
}
