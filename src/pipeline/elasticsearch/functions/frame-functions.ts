import { FAILED_KIND, KEEP_TAG } from '../../frame.ts';

/** The document id and the marks of a failure; mirrors `src/pipeline/document-id.ts` and `src/pipeline/local/compile-runner.ts`. */
export const FRAME_FUNCTIONS: Readonly<Record<string, string>> = {
  idPart: `String idPart(def v) {
  if (v instanceof String) { return v; }
  def number = v instanceof Double ? toLong(v) : v;
  return number instanceof Number || number instanceof Boolean ? number.toString() : '';
}`,
  sized: `String sized(String part) {
  int length = part.length();
  int bytes = 0;
  // Most parts are short and plain; of the others base64 tells the length in bytes.
  while (bytes < length && length < 1000 && part.charAt(bytes) < (char) 128) { bytes++; }
  if (bytes < length) {
    String base64 = part.encodeBase64();
    bytes = base64.length() / 4 * 3 - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0);
  }
  return bytes + ':' + part;
}`,
  idOf: `String idOf(String source, def scope, def time, def[] tuple, def raw) {
  String head = source + sized(scope instanceof String ? scope : '');
  String parts = '';
  boolean empty = true;
  for (int i = 0; i < tuple.length; i++) {
    String part = idPart(tuple[i]);
    empty = empty && part.isEmpty();
    parts += sized(part);
  }
  if (empty) { parts = sized(raw instanceof String ? raw : ''); }
  long[] instant = instantOf(time);
  String hex = instant == null || instant[0] < 0 ? '' : Long.toHexString(instant[0] * 1000 + instant[1] / 1000000);
  byte[] digest = HexFormat.of().parseHex((head + parts).sha256().substring(0, 32));
  return '1' + '000000000000'.substring(hex.length()) + hex + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
}`,
  leaveOut: `void leaveOut(Map doc, String rule) {
  // The mapping has taken the sender's _conf away; the first rule counts.
  if (!doc.containsKey('_conf')) { doc.put('_conf', ['dropped': rule]); }
}`,
  fail: `void fail(Map doc, List errors) {
  Map event = mapOf(doc.get('event'));
  event.put('kind', '${FAILED_KIND}');
  doc.put('event', event);
  Map error = mapOf(doc.get('error'));
  List messages = listOf(error.get('message'));
  messages.addAll(errors);
  error.put('message', messages);
  doc.put('error', error);
  List tags = listOf(doc.get('tags'));
  if (!tags.contains('${KEEP_TAG}')) { tags.add('${KEEP_TAG}'); }
  doc.put('tags', tags);
}`,
};
