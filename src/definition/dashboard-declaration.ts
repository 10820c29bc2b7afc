import type { ChartDefinition, EventsDefinition, MarkdownDefinition, MeasureDefinition, PanelSize } from './dashboard-definition.ts';
import type { ConditionDeclaration } from './declaration.ts';

/** `kibana/NAME.yml`, as a person writes it. */
export interface DashboardDeclaration {
  readonly title: string;
  readonly description: string;
  readonly order: number;
  readonly streams: readonly string[];
  readonly controls?: readonly { readonly title: string; readonly field: string }[];
  readonly panels: readonly PanelDeclaration[];
}

export interface PanelDeclaration {
  readonly title: string;
  readonly kind: (ChartDefinition | EventsDefinition | MarkdownDefinition)['kind'];
  readonly question?: string;
  readonly size?: PanelSize;
  readonly style?: ChartDefinition['style'];
  readonly measures?: readonly MeasureDeclaration[];
  readonly by?: readonly BucketDeclaration[];
  readonly when?: ConditionDeclaration;
  readonly opens?: string;
  readonly columns?: readonly string[];
  readonly text?: string;
}

export interface MeasureDeclaration {
  readonly kind: MeasureDefinition['kind'];
  readonly label: string;
  readonly field?: string;
  readonly percent?: number;
  readonly when?: ConditionDeclaration;
}

export interface BucketDeclaration {
  readonly label: string;
  readonly field?: string;
  readonly size?: number;
  readonly rest?: boolean;
  readonly order?: 'value' | 'name';
  readonly groups?: readonly { readonly label: string; readonly when: ConditionDeclaration }[];
}
