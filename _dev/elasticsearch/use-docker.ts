import { EngineFailure, type EngineRequest, type RunningEngine } from './engine.ts';

/**
 * A container of the official image, by testcontainers (loaded only here, since it takes a while). Ryuk, which testcontainers starts beside it, removes
 * the container should this process be killed; TESTCONTAINERS_RYUK_DISABLED=true goes without.
 *
 * @throws EngineFailure where no Docker engine answers, the image is neither there nor can be pulled, or it does not come up.
 */
export async function useDocker(request: EngineRequest): Promise<RunningEngine> {
  const { startContainer } = await import('./start-container.ts');
  try {
    return await startContainer(request);
  } catch (error) {
    if (error instanceof EngineFailure) {
      throw error;
    }
    const reason = error instanceof Error ? error.message.trim() : String(error);
    throw new EngineFailure(`${reason} (where the image of Ryuk cannot be pulled, set TESTCONTAINERS_RYUK_DISABLED=true)`, { cause: error });
  }
}
