/** A stream of text that may be a terminal. */
export interface TextStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** All that the commands see of the outside world; tests pass their own. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths of the command line start from. */
  readonly cwd: string;
  /** Folder of the declarations: manifest.yml, data_stream/, docs/. */
  readonly projectFolder: string;
  /** Results. */
  readonly stdout: TextStream;
  /** Logs, progress and errors. */
  readonly stderr: TextStream;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  readonly pid: number;
  /** Version of the program. */
  readonly version: string;
  /** Whether a process of that id runs on this machine. */
  readonly isRunning: (pid: number) => boolean;
  readonly readStdin: () => Promise<Buffer>;
  /** From then on, neither stream shows these texts. */
  readonly addSecrets?: (secrets: readonly string[]) => void;
}
