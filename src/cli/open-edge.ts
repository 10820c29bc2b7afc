import { openLookUps } from '../enrichment/open-look-ups.ts';
import type { LookUps } from '../pipeline/look-ups.ts';
import { noteLeftOut } from './note-left-out.ts';
import type { Opened } from './open-settings.ts';

/**
 * What mapping in this process can look up; nothing where Elasticsearch maps. What is left out is said once in the log.
 * @throws SettingsError with every database that cannot be used
 */
export async function openEdge(opened: Opened): Promise<LookUps> {
  const { elasticsearch } = opened.settings;
  noteLeftOut(opened);
  return elasticsearch.pipeline === 'edge' ? openLookUps(elasticsearch.geoip ?? {}, opened.file) : {};
}
