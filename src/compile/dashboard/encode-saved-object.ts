import { renderGoJson } from './render-go-json.ts';

type Tree = Readonly<Record<string, unknown>>;

/** Keys of attributes that Kibana keeps as JSON text, by the path to them; of a panel's configuration as well. */
const encoded = [
  'attributes.controlGroupInput.ignoreParentSettingsJSON',
  'attributes.controlGroupInput.panelsJSON',
  'attributes.kibanaSavedObjectMeta.searchSourceJSON',
  'attributes.optionsJSON',
] as const;

/** The saved object as Kibana takes it: JSON text where it keeps such, the innermost first. */
export function encodeSavedObject(source: object): object {
  const { attributes, ...rest } = encodeAll(source as Tree);
  const { panelsJSON, ...others } = attributes as Tree;
  const panels = (panelsJSON as readonly Tree[]).map((panel) => ({ ...panel, embeddableConfig: encodeAll(panel.embeddableConfig as Tree) }));
  return { ...rest, attributes: { ...others, panelsJSON: renderGoJson(panels) } };
}

function encodeAll(tree: Tree): Tree {
  return encoded.reduce((done, path) => encodeAt(done, path.split('.')), tree);
}

function encodeAt(tree: Tree, [key = '', ...rest]: readonly string[]): Tree {
  const value = tree[key];
  if (value === undefined) return tree;
  return { ...tree, [key]: rest.length === 0 ? renderGoJson(value) : encodeAt(value as Tree, rest) };
}
