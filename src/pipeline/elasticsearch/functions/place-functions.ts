/** Where something is, on the net and on the globe; mirrors `host-of.ts`, `extension-of.ts` and `point.ts` of `src/pipeline`. */
export const PLACE_FUNCTIONS: Readonly<Record<string, string>> = {
  endOfHost: `int endOfHost(String s) {
  if (s.startsWith('[')) {
    int close = s.indexOf(']');
    return close < 0 ? s.length() : close + 1;
  }
  int colon = s.indexOf(':');
  return colon < 0 || colon != s.lastIndexOf(':') ? s.length() : colon;
}`,
  host: `def host(def v, String field, List errors) {
  if (isAbsent(v)) { return null; }
  String t = text(v);
  if (t == null) { return misfit(v, 'host', field, errors); }
  int end = endOfHost(t);
  return end == 0 ? null : t.substring(0, end).toLowerCase(Locale.ROOT);
}`,
  port: `def port(def v) {
  if (!(v instanceof String)) { return null; }
  String s = v;
  int start = endOfHost(s) + 1;
  if (start >= s.length() || s.length() > start + 5 || s.charAt(start - 1) != (char) ':') { return null; }
  int number = digits(s, start, s.length());
  return number > 0 && number <= 65535 ? (def) number : null;
}`,
  extension: `def extension(def v) {
  if (!(v instanceof String)) { return null; }
  String s = v;
  int dot = s.lastIndexOf('.');
  int length = s.length() - dot - 1;
  if (dot < 1 || length < 1 || length > 16 || s.charAt(dot - 1) == (char) '/') { return null; }
  for (int i = dot + 1; i < s.length(); i++) {
    char c = s.charAt(i);
    boolean letter = c >= (char) 'a' && c <= (char) 'z' || c >= (char) 'A' && c <= (char) 'Z';
    if (!letter && (c < (char) '0' || c > (char) '9')) { return null; }
  }
  return s.substring(dot + 1);
}`,
  degrees: `def degrees(def v, int max) {
  def number = isAbsent(v) ? null : toDouble(v);
  return number != null && Math.abs((double) number) <= max ? number : null;
}`,
  point: `def point(def latitude, def longitude) {
  def lat = degrees(latitude, 90);
  def lon = degrees(longitude, 180);
  return lat == null || lon == null ? null : (def) ['lat': lat, 'lon': lon];
}`,
};
