import type { Started } from './program.ts';

/** Resolves when the pattern was logged so many times. */
export async function untilLogged({ ended, stderr }: Started, pattern: RegExp, times: number): Promise<void> {
  const all = new RegExp(pattern.source, 'g');
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while ((stderr().match(all)?.length ?? 0) < times) {
    if (over) throw new Error(`the collector ended before it logged ${pattern} ${times} times:\n${stderr().slice(-2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
