/** What Elasticsearch's `geoip` and `user_agent` processors fill below the field that names the enrichment. */
export const enrichmentLeaves = {
  geo: ['city_name', 'continent_name', 'country_iso_code', 'country_name', 'location', 'region_iso_code', 'region_name'],
  as: ['number', 'organization.name'],
  user_agent: ['original', 'name', 'version', 'device.name', 'os.name', 'os.version', 'os.full'],
} as const;
