/** What happens to a document after Elasticsearch has looked things up. */
export const FINISH_FUNCTIONS: Readonly<Record<string, string>> = {
  nameNetwork: `void nameNetwork(def v) {
  if (!(v instanceof Map)) { return; }
  Map network = v;
  put(network, 'number', network.remove('asn'));
  def name = network.remove('organization_name');
  if (name != null) {
    Map organization = mapOf(network.get('organization'));
    organization.put('name', name);
    network.put('organization', organization);
  }
}`,
  isTagged: `boolean isTagged(def tags, String tag) { return tags instanceof List ? ((List) tags).contains(tag) : tag.equals(tags); }`,
};
