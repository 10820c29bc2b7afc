/** Reading and writing objects and scalars; mirrors `src/pipeline/value.ts`. */
export const VALUE_FUNCTIONS: Readonly<Record<string, string>> = {
  mapOf: `Map mapOf(def v) { return v instanceof Map ? v : new HashMap(); }`,
  mapOr: `Map mapOr(def v, Map other) { return v instanceof Map ? v : other; }`,
  listOf: `List listOf(def v) {
  if (v instanceof List) { return v; }
  List list = new ArrayList();
  if (v != null) { list.add(v); }
  return list;
}`,
  at: `def at(def v, String key) { return v instanceof Map ? ((Map) v).get(key) : null; }`,
  put: `void put(Map parent, String key, def v) { if (v != null) { parent.put(key, v); } }`,
  attach: `void attach(Map parent, String key, Map child) { if (!child.isEmpty()) { parent.put(key, child); } }`,
  isAbsent: `boolean isAbsent(def v) {
  if (v == null) { return true; }
  if (v instanceof String) { return ((String) v).isEmpty(); }
  if (v instanceof List) { return ((List) v).isEmpty(); }
  return v instanceof Map && ((Map) v).isEmpty();
}`,
  text: `String text(def v) {
  if (v instanceof String) { return v; }
  if (v instanceof Double) {
    double d = v;
    if (d - d != 0) { return null; }
    return Math.abs(d) < 2.2250738585072014E-308 ? '0' : BigDecimal.valueOf(d).stripTrailingZeros().toPlainString();
  }
  return v instanceof Number || v instanceof Boolean ? v.toString() : null;
}`,
  misfit: `def misfit(def v, String to, String field, List errors) {
  String kind = v instanceof String ? 'text' : v instanceof Boolean ? 'boolean' : v instanceof Number ? 'number' : v instanceof List ? 'list' : 'object';
  errors.add(field + ': ' + kind + ' does not fit ' + to);
  return null;
}`,
  firstOf: `def firstOf(def v, def other) { return isAbsent(v) ? other : v; }`,
  without: `def without(def v, Map absent) {
  if (v instanceof List) {
    List kept = new ArrayList();
    for (def item : (List) v) { if (!absent.containsKey(text(item))) { kept.add(item); } }
    return kept;
  }
  return absent.containsKey(text(v)) ? null : v;
}`,
  withoutText: `def withoutText(def v, String absent) {
  if (v instanceof List) {
    List kept = new ArrayList();
    for (def item : (List) v) { if (!absent.equals(text(item))) { kept.add(item); } }
    return kept;
  }
  return absent.equals(text(v)) ? null : v;
}`,
  replaced: `def replaced(def v, Map values) {
  if (v instanceof List) {
    List items = new ArrayList();
    for (def item : (List) v) { items.add(values.getOrDefault(text(item), item)); }
    return items;
  }
  return values.getOrDefault(text(v), v);
}`,
  before: `def before(def v, String separator) {
  int at = v instanceof String ? ((String) v).indexOf(separator) : -1;
  return at < 0 ? v : ((String) v).substring(0, at);
}`,
  after: `def after(def v, String separator) {
  if (!(v instanceof String)) { return v; }
  int at = ((String) v).indexOf(separator);
  return at < 0 ? null : ((String) v).substring(at + separator.length());
}`,
  piece: `String piece(def v) {
  String t = text(v);
  return t == null || t.isEmpty() ? null : t;
}`,
  filled: `String filled(String s) { return s.isEmpty() ? null : s; }`,
  wrapped: `def wrapped(def v) {
  if (v == null) { return null; }
  List list = new ArrayList();
  list.add(v);
  return list;
}`,
  collected: `def collected(def[] values) {
  List texts = new ArrayList();
  for (int i = 0; i < values.length; i++) {
    def v = values[i];
    if (v instanceof List) { return distinct(values); }
    String t = text(v);
    if (t != null && !t.isEmpty() && !texts.contains(t)) { texts.add(t); }
  }
  return texts.isEmpty() ? null : texts;
}`,
  distinct: `List distinct(def[] values) {
  Set texts = new LinkedHashSet();
  for (int i = 0; i < values.length; i++) {
    for (def item : listOf(values[i])) {
      String t = text(item);
      if (t != null && !t.isEmpty()) { texts.add(t); }
    }
  }
  return texts.isEmpty() ? null : new ArrayList(texts);
}`,
};
