/** Fitting objects into flattened fields; mirrors `src/pipeline/fold-object.ts`. */
export const OBJECT_FUNCTIONS: Readonly<Record<string, string>> = {
  object: `def object(def v) {
  if (isAbsent(v)) { return null; }
  if (v instanceof Map) { return fold(v, 0); }
  Map map = new HashMap();
  map.put('value', v);
  return fold(map, 0);
}`,
  fold: `def fold(def v, int level) {
  if (v instanceof Map) {
    if (level == 20) { return jsonText(v); }
    boolean clean = true;
    String nul = Character.toString((char) 0);
    for (Map.Entry entry : ((Map) v).entrySet()) {
      def child = entry.getValue();
      if (child instanceof Map || child instanceof List || child instanceof Double || child instanceof BigInteger) { entry.setValue(fold(child, level + 1)); }
      if (((String) entry.getKey()).indexOf(nul) >= 0) { clean = false; }
    }
    if (!clean) { cleanKeys(v); }
    return v;
  }
  if (v instanceof List) {
    List list = v;
    for (int i = 0; i < list.size(); i++) { list.set(i, fold(list.get(i), level)); }
    return list;
  }
  if (v instanceof BigInteger) { return v.toString(); }
  if (v instanceof Double) {
    double d = v;
    return d - d == 0 ? v : Double.toString(d);
  }
  return v;
}`,
  sorted: `Map sorted(Map map) {
  Map copy = new TreeMap();
  copy.putAll(map);
  return copy;
}`,
  cleanKeys: `void cleanKeys(Map map) {
  String nul = Character.toString((char) 0);
  for (def key : sorted(map).keySet()) {
    String clean = ((String) key).replace(nul, Character.toString((char) 65533));
    if (clean == key) { continue; }
    map.putIfAbsent(clean, map.get(key));
    map.remove(key);
  }
}`,
  json: `def json(def v) { return isAbsent(v) ? null : jsonText(v); }`,
  jsonText: `String jsonText(def v) {
  StringBuilder out = new StringBuilder();
  writeJson(v, out);
  return out.toString();
}`,
  writeJson: `void writeJson(def v, StringBuilder out) {
  if (v instanceof Map) {
    String comma = '';
    out.append('{');
    for (def entry : sorted(v).entrySet()) {
      out.append(comma).append(Json.dump(entry.getKey())).append(':');
      writeJson(entry.getValue(), out);
      comma = ',';
    }
    out.append('}');
  } else if (v instanceof List) {
    String comma = '';
    out.append('[');
    for (def item : (List) v) {
      out.append(comma);
      writeJson(item, out);
      comma = ',';
    }
    out.append(']');
  } else if (v == null) {
    out.append('null');
  } else if (v instanceof String) {
    out.append(Json.dump(v));
  } else {
    String t = text(v);
    out.append(t == null ? Json.dump(v.toString()) : t);
  }
}`,
};
