/** The conversions; mirrors `src/pipeline/conversion.ts`. */
export const CONVERSION_FUNCTIONS: Readonly<Record<string, string>> = {
  keyword: `def keyword(def v, String field, List errors) {
  if (v instanceof String) { return ((String) v).isEmpty() ? null : v; }
  if (isAbsent(v)) { return null; }
  String t = text(v);
  return t == null ? misfit(v, 'keyword', field, errors) : t;
}`,
  scalar: `def scalar(def v) {
  if (v instanceof String) { return ((String) v).isEmpty() ? null : v; }
  return isAbsent(v) ? null : text(v);
}`,
  scalars: `def scalars(def v) {
  List texts = new ArrayList();
  for (def item : listOf(v)) {
    String t = text(item);
    if (t != null && !t.isEmpty()) { texts.add(t); }
  }
  return texts.isEmpty() ? null : texts;
}`,
  lowercase: `def lowercase(def v, String field, List errors) {
  if (v instanceof String) { return ((String) v).isEmpty() ? null : ((String) v).toLowerCase(Locale.ROOT); }
  if (isAbsent(v)) { return null; }
  String t = text(v);
  return t == null ? misfit(v, 'lowercase', field, errors) : t.toLowerCase(Locale.ROOT);
}`,
  uppercase: `def uppercase(def v, String field, List errors) {
  if (isAbsent(v)) { return null; }
  String t = text(v);
  return t == null ? misfit(v, 'uppercase', field, errors) : t.toUpperCase(Locale.ROOT);
}`,
  keywords: `def keywords(def v, String field, List errors) {
  List texts = new ArrayList();
  for (def item : listOf(v)) {
    if (isAbsent(item)) { continue; }
    String t = text(item);
    if (t == null) { return misfit(v, 'keywords', field, errors); }
    texts.add(t);
  }
  return texts.isEmpty() ? null : texts;
}`,
  lastOf: `def lastOf(def v, String field, List errors) {
  List items = listOf(v);
  for (int i = items.size() - 1; i >= 0; i--) {
    def item = items.get(i);
    if (isAbsent(item)) { continue; }
    String t = text(item);
    return t == null ? misfit(v, 'last', field, errors) : t;
  }
  return null;
}`,
  toLong: `def toLong(def v) {
  if (v instanceof Integer || v instanceof Long) { return v; }
  if (v instanceof Double) {
    double d = v;
    return d == Math.rint(d) && Math.abs(d) <= 9007199254740991.0 ? (def) ((long) d) : null;
  }
  if (!(v instanceof String)) { return null; }
  String s = v;
  int start = s.startsWith('-') ? 1 : 0;
  if (s.length() == start || s.length() > start + 19) { return null; }
  for (int i = start; i < s.length(); i++) {
    if (s.charAt(i) < (char) '0' || s.charAt(i) > (char) '9') { return null; }
  }
  try { return Long.parseLong(s); } catch (NumberFormatException e) { return null; }
}`,
  longValue: `def longValue(def v, String field, List errors) {
  if (isAbsent(v)) { return null; }
  def number = toLong(v);
  return number == null ? misfit(v, 'long', field, errors) : number;
}`,
  longs: `def longs(def v, String field, List errors) {
  List numbers = new ArrayList();
  for (def item : listOf(v)) {
    if (isAbsent(item)) { continue; }
    def number = toLong(item);
    if (number == null) { return misfit(v, 'longs', field, errors); }
    numbers.add(number);
  }
  return numbers.isEmpty() ? null : numbers;
}`,
  isDecimal: `boolean isDecimal(String s) {
  int i = s.startsWith('-') ? 1 : 0;
  int whole = endOfDigits(s, i);
  if (whole == i) { return false; }
  i = whole;
  if (i < s.length() && s.charAt(i) == (char) '.') {
    int fraction = endOfDigits(s, i + 1);
    if (fraction == i + 1) { return false; }
    i = fraction;
  }
  if (i < s.length() && (s.charAt(i) == (char) 'e' || s.charAt(i) == (char) 'E')) {
    i++;
    if (i < s.length() && (s.charAt(i) == (char) '+' || s.charAt(i) == (char) '-')) { i++; }
    int exponent = endOfDigits(s, i);
    if (exponent == i) { return false; }
    i = exponent;
  }
  return i == s.length();
}`,
  doubleValue: `def doubleValue(def v, String field, List errors) {
  if (isAbsent(v)) { return null; }
  def number = toDouble(v);
  return number == null ? misfit(v, 'double', field, errors) : number;
}`,
  toDouble: `def toDouble(def v) {
  if (v instanceof Number || v instanceof String && isDecimal(v)) {
    double d = v instanceof String ? Double.parseDouble(v) : ((Number) v).doubleValue();
    if (d - d == 0) { return d; }
  }
  return null;
}`,
  booleanValue: `def booleanValue(def v, String field, List errors) {
  if (v instanceof Boolean) { return v; }
  if ('true'.equals(v)) { return true; }
  if ('false'.equals(v)) { return false; }
  return isAbsent(v) ? null : misfit(v, 'boolean', field, errors);
}`,
  isIpv4: `boolean isIpv4(String s) {
  int dots = 0;
  int digits = 0;
  int octet = 0;
  for (int i = 0; i < s.length(); i++) {
    char c = s.charAt(i);
    if (c == (char) '.' && digits > 0) {
      dots++;
      digits = 0;
      octet = 0;
      continue;
    }
    if (c < (char) '0' || c > (char) '9' || digits > 0 && octet == 0) { return false; }
    digits++;
    octet = octet * 10 + (c - (char) '0');
    if (octet > 255) { return false; }
  }
  return dots == 3 && digits > 0;
}`,
  isIp: `boolean isIp(String s) {
  if (s.length() < 2 || s.length() > 45) { return false; }
  if (s.length() < 16 && s.indexOf(':') < 0) { return isIpv4(s); }
  int group = 0;
  for (int i = 0; i < s.length(); i++) {
    char c = s.charAt(i);
    if (c == (char) ':' || c == (char) '.') { group = 0; continue; }
    boolean hex = c >= (char) '0' && c <= (char) '9' || c >= (char) 'a' && c <= (char) 'f' || c >= (char) 'A' && c <= (char) 'F';
    group++;
    if (!hex || group > 4) { return false; }
  }
  if (s.endsWith('.')) { return false; }
  try { return new IPAddress(s) != null; } catch (Exception e) { return false; }
}`,
  ip: `def ip(def v) { return v instanceof String && isIp(v) ? v : null; }`,
};
