import { toStateIndexName } from './state-template.ts';

/** A role as Elasticsearch takes it, under `_security/role/NAME` or among the `role_descriptors` of an API key. */
export interface RoleDescriptor {
  readonly cluster: readonly string[];
  readonly indices: readonly {
    readonly names: readonly string[];
    readonly privileges: readonly string[];
  }[];
}

/** The roles that a package needs. */
export interface Roles {
  /** For `install` and `uninstall`. */
  readonly install: RoleDescriptor;
  /** For `collect`: it can add events and look up what is there, never change or delete; of the shared state it can. */
  readonly collect: RoleDescriptor;
}

interface RolesOptions {
  readonly packageName: string;
  /** Names of the declared data streams. */
  readonly streams: readonly string[];
  /** Whether collectors keep their state in Elasticsearch. @default true */
  readonly stateIndex?: boolean;
}

/**
 * Makes the least roles that `install` and `collect` work with, on 8.19 and on 9.x.
 *
 * `collect` needs on the cluster `monitor` (which cluster this is, its index templates) and `read_pipeline`, on its data
 * streams `auto_configure` and `create_doc` (making one by the first write, adding to it), `view_index_metadata` (which
 * backing index takes the writes), `read` and `maintenance` (looking ids up as of now) and `read_failure_store`. On the index of the shared state it needs
 * `auto_configure` (making it by the first write), `index`, `delete`, `read` and `maintenance` (listing what is there as of now).
 */
export function toRoles({ packageName, streams, stateIndex = true }: RolesOptions): Roles {
  const state = [toStateIndexName(packageName)];
  const names = streams.map((stream) => `logs-${packageName}.${stream}-*`);
  return {
    install: {
      cluster: ['monitor', 'manage_index_templates', 'manage_ingest_pipelines'],
      indices: [
        { names, privileges: ['manage', 'view_index_metadata'] },
        { names: state, privileges: ['delete_index'] },
      ],
    },
    collect: {
      cluster: ['monitor', 'read_pipeline'],
      indices: [
        { names, privileges: ['auto_configure', 'create_doc', 'view_index_metadata', 'read', 'maintenance', 'read_failure_store'] },
        ...(stateIndex ? [{ names: state, privileges: ['auto_configure', 'index', 'delete', 'read', 'maintenance'] }] : []),
      ],
    },
  };
}
