import { describe, expect, it } from 'vitest';
import { encodeSavedObject } from '../../../src/compile/dashboard/encode-saved-object.ts';
import { renderGoJson } from '../../../src/compile/dashboard/render-go-json.ts';

describe('renderGoJson', () => {
  it('sorts keys at every depth, keeps the order of lists, and writes no character of HTML', () => {
    expect(renderGoJson({ b: [{ d: 1, c: 2 }, 'ä'], a: '<&>\u2028' })).toBe('{"a":"\\u003c\\u0026\\u003e\\u2028","b":[{"c":2,"d":1},"ä"]}');
  });

  it('indents where it is told to, with empty lists in one line', () => {
    expect(renderGoJson({ b: [], a: { c: 1 } }, 2)).toBe('{\n  "a": {\n    "c": 1\n  },\n  "b": []\n}');
  });
});

describe('encodeSavedObject', () => {
  const search = { kibanaSavedObjectMeta: { searchSourceJSON: { filter: [] } }, columns: [] };
  const source = {
    id: 'x',
    attributes: {
      title: 'T',
      controlGroupInput: { controlStyle: 'oneLine', ignoreParentSettingsJSON: { ignoreQuery: false }, panelsJSON: { k: { order: 0 } } },
      kibanaSavedObjectMeta: { searchSourceJSON: { filter: [] } },
      optionsJSON: { useMargins: true },
      panelsJSON: [{ embeddableConfig: { attributes: search, enhancements: {} }, type: 'search' }],
    },
  };

  it('makes JSON text of what Kibana keeps as text, the inside of panels first', () => {
    const panel = {
      embeddableConfig: { attributes: { columns: [], kibanaSavedObjectMeta: { searchSourceJSON: '{"filter":[]}' } }, enhancements: {} },
      type: 'search',
    };
    expect(encodeSavedObject(source)).toEqual({
      id: 'x',
      attributes: {
        title: 'T',
        controlGroupInput: { controlStyle: 'oneLine', ignoreParentSettingsJSON: '{"ignoreQuery":false}', panelsJSON: '{"k":{"order":0}}' },
        kibanaSavedObjectMeta: { searchSourceJSON: '{"filter":[]}' },
        optionsJSON: '{"useMargins":true}',
        panelsJSON: JSON.stringify([panel]),
      },
    });
  });

  it('needs no controls', () => {
    const { controlGroupInput: _, ...attributes } = source.attributes;
    expect(encodeSavedObject({ ...source, attributes })).not.toHaveProperty('attributes.controlGroupInput');
  });
});
