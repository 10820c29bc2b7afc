import type { Rule } from './rule.ts';
import { dashboardRules } from './rules/dashboard-rules.ts';
import { dashboardShapeRules } from './rules/dashboard-shape-rules.ts';
import { docsRules } from './rules/docs-rules.ts';
import { ecsRules } from './rules/ecs-rules.ts';
import { fieldRules } from './rules/field-rules.ts';
import { fixtureRules } from './rules/fixture-rules.ts';
import { manifestRules } from './rules/manifest-rules.ts';
import { pipelineContentRules } from './rules/pipeline-content-rules.ts';
import { pipelineRules } from './rules/pipeline-rules.ts';
import { variableRules } from './rules/variable-rules.ts';

/** Every rule that is checked on the package's files alone: pipelines (P), ECS (E), fields and manifests (F), docs (D), tests (T), dashboards (K). */
export const rules: readonly Rule[] = [
  ...pipelineRules,
  ...pipelineContentRules,
  ...ecsRules,
  ...fieldRules,
  ...variableRules,
  ...manifestRules,
  ...docsRules,
  ...fixtureRules,
  ...dashboardRules,
  ...dashboardShapeRules,
];
