/** Reading and writing times; mirrors `src/pipeline/parse-time.ts`. An instant is seconds and nanoseconds. */
export const TIME_FUNCTIONS: Readonly<Record<string, string>> = {
  endOfDigits: `int endOfDigits(String s, int start) {
  int i = start;
  while (i < s.length() && s.charAt(i) >= (char) '0' && s.charAt(i) <= (char) '9') { i++; }
  return i;
}`,
  digits: `int digits(String s, int start, int end) {
  int n = 0;
  for (int i = start; i < end; i++) {
    char c = s.charAt(i);
    if (c < (char) '0' || c > (char) '9') { return -1; }
    n = n * 10 + (c - (char) '0');
  }
  return n;
}`,
  twoDigits: `int twoDigits(String s, int start) {
  int tens = s.charAt(start) - (char) '0';
  int ones = s.charAt(start + 1) - (char) '0';
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}`,
  secondsOf: `long secondsOf(String s, int start) {
  int hour = twoDigits(s, start);
  int minute = twoDigits(s, start + 3);
  boolean valid = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && s.charAt(start + 2) == (char) ':';
  return valid ? hour * 3600L + minute * 60L : -1L;
}`,
  instantOfText: `long[] instantOfText(String s) {
  int length = s.length();
  if (length < 10 || length > 1000 || s.charAt(4) != (char) '-' || s.charAt(7) != (char) '-') { return null; }
  int century = twoDigits(s, 0);
  int yearOfCentury = twoDigits(s, 2);
  int year = century * 100 + yearOfCentury;
  int month = twoDigits(s, 5);
  int day = twoDigits(s, 8);
  if (century < 0 || yearOfCentury < 0 || month < 1 || month > 12 || day < 1) { return null; }
  int last = month == 2 ? (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  if (day > last) { return null; }
  long seconds = LocalDate.of(year, month, day).toEpochDay() * 86400L;
  if (length == 10) { return new long[] {seconds, 0L}; }
  if (length < 20 || s.charAt(10) != (char) 'T' && s.charAt(10) != (char) 't' || s.charAt(16) != (char) ':') { return null; }
  long time = secondsOf(s, 11);
  int second = twoDigits(s, 17);
  if (time < 0 || second < 0 || second > 60) { return null; }
  seconds += time + second;
  int i = 19;
  long nanos = 0;
  if (s.charAt(i) == (char) '.') {
    int end = endOfDigits(s, 20);
    if (end == 20) { return null; }
    int cut = end < 29 ? end : 29;
    nanos = digits(s, 20, cut);
    for (int n = cut; n < 29; n++) { nanos *= 10; }
    i = end;
  }
  if (i == length - 1 && (s.charAt(i) == (char) 'Z' || s.charAt(i) == (char) 'z')) { return new long[] {seconds, nanos}; }
  if (i != length - 6 || s.charAt(i) != (char) '+' && s.charAt(i) != (char) '-') { return null; }
  long offset = secondsOf(s, i + 1);
  if (offset < 0) { return null; }
  return new long[] {s.charAt(i) == (char) '+' ? seconds - offset : seconds + offset, nanos};
}`,
  instantOfNumber: `long[] instantOfNumber(long n) {
  if (n >= 100000000000000000L) { return new long[] {n / 1000000000L, n % 1000000000L}; }
  if (n >= 100000000000000L) { return new long[] {n / 1000000L, n % 1000000L * 1000L}; }
  if (n >= 100000000000L) { return new long[] {n / 1000L, n % 1000L * 1000000L}; }
  return new long[] {n, 0L};
}`,
  instantOf: `long[] instantOf(def v) {
  long[] instant = null;
  if (v instanceof String) {
    instant = instantOfText(v);
  } else if (v instanceof Number) {
    def number = toLong(v);
    if (number != null) { instant = instantOfNumber(((Number) number).longValue()); }
  }
  return instant == null || instant[0] < -62135596800L || instant[0] > 253402300799L ? null : instant;
}`,
  isoTime: `String isoTime(long ms) {
  String s = Instant.ofEpochMilli(ms).toString();
  return s.length() == 20 ? s.substring(0, 19) + '.000Z' : s;
}`,
  duration: `def duration(def start, def end) {
  long[] first = instantOf(start);
  long[] last = instantOf(end);
  if (first == null || last == null) { return null; }
  long seconds = last[0] - first[0];
  long nanos = seconds * 1000000000L + last[1] - first[1];
  return seconds < 0 || seconds > 9000000000L || nanos < 0 ? null : (def) nanos;
}`,
  isoText: `String isoText(String s, long[] instant) {
  // A text in UTC only needs its fraction cut; a leap second and an offset move the time.
  if (s.length() >= 20 && s.charAt(17) != (char) '6' && (s.endsWith('Z') || s.endsWith('z'))) {
    if (s.charAt(10) == (char) 'T' && s.charAt(s.length() - 1) == (char) 'Z') {
      if (s.length() == 24) { return s; }
      if (s.length() == 20) { return s.substring(0, 19) + '.000Z'; }
    }
    return s.substring(0, 10) + 'T' + s.substring(11, 19) + '.' + Long.toString(1000L + instant[1] / 1000000L).substring(1) + 'Z';
  }
  return isoTime(instant[0] * 1000L + instant[1] / 1000000L);
}`,
  httpDate: `def httpDate(def v) {
  if (!(v instanceof String)) { return null; }
  String s = v;
  if (s.length() != 29 || !s.endsWith(' GMT') && !s.endsWith(' UTC') || !s.substring(3, 5).equals(', ')) { return null; }
  if (s.charAt(7) != (char) ' ' || s.charAt(11) != (char) ' ' || s.charAt(16) != (char) ' ') { return null; }
  int month = 'JanFebMarAprMayJunJulAugSepOctNovDec'.indexOf(s.substring(8, 11));
  int weekday = 'MonTueWedThuFriSatSun'.indexOf(s.substring(0, 3));
  if (month < 0 || month % 3 != 0 || weekday < 0 || weekday % 3 != 0) { return null; }
  String iso = s.substring(12, 16) + '-' + Integer.toString(month / 3 + 101).substring(1) + '-' + s.substring(5, 7) + 'T' + s.substring(17, 25) + 'Z';
  long[] instant = instantOf(iso);
  return instant == null ? null : isoText(iso, instant);
}`,
  date: `def date(def v, String field, List errors) {
  if (isAbsent(v)) { return null; }
  long[] instant = instantOf(v);
  if (instant == null) { return misfit(v, 'date', field, errors); }
  return v instanceof String ? isoText(v, instant) : isoTime(instant[0] * 1000L + instant[1] / 1000000L);
}`,
};
