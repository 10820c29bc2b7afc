/** The open client that `package` is handed: one request, refusals thrown unless allowed. */
export interface ElasticsearchApi {
  /**
   * @throws ElasticsearchError for a refusal that `allow` does not name, or without an answer
   */
  request<Body = unknown>(call: {
    /** What is attempted, for messages. */
    readonly attempt: string;
    readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
    readonly path: string;
    readonly query?: Readonly<Record<string, string | number | boolean>>;
    readonly body?: object;
    readonly allow?: readonly number[];
  }): Promise<{ readonly status: number; readonly body: Body }>;
}
