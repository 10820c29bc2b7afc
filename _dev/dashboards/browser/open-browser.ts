import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';

/** What a panel shows in a browser. */
export interface SeenPanel {
  readonly id: string;
  readonly kind: string;
  /** All of its text, that of charts included. */
  readonly text: string;
  /** Shapes that its chart is drawn of; 0 where it has none. */
  readonly shapes: number;
  /** Whether its chart or content has an extent. */
  readonly isVisible: boolean;
}

/** A page as a person would see it. */
export interface SeenPage {
  readonly title: string;
  /** What the page says of itself above the dashboard. */
  readonly notice: string;
  readonly controls: readonly string[];
  readonly panels: readonly SeenPanel[];
  readonly links: readonly string[];
  /** Errors of scripts, and addresses that could not be loaded. */
  readonly troubles: readonly string[];
  /** Whether anything was asked of a network. */
  readonly requests: readonly string[];
}

/** A headless browser. */
export interface Browser {
  /** Opens a page of this machine and looks at it; `picture` is where a screenshot of its upper part goes. */
  readonly look: (file: string, picture?: string) => Promise<SeenPage>;
  readonly close: () => Promise<void>;
}

const SIZE = { width: 1440, height: 900 };
/** A picture of a whole long page would be too large for a package, and too small to read. */
const PICTURE_HEIGHT = 1800;
/** A busy machine may need long for a page. */
const TIMEOUT_MS = 60_000;

/** Starts a headless Chromium. */
export async function openBrowser(executablePath: string): Promise<Browser> {
  const browser = await chromium.launch({ executablePath, timeout: TIMEOUT_MS });
  const look: Browser['look'] = async (file, picture) => {
    const context = await browser.newContext({ viewport: SIZE, timezoneId: 'UTC', locale: 'en-GB' });
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(TIMEOUT_MS);
      const seen = await see(page, file);
      if (picture !== undefined) await takePicture(page, picture);
      return seen;
    } finally {
      await context.close();
    }
  };
  return { look, close: () => browser.close() };
}

async function takePicture(page: Page, path: string): Promise<void> {
  const height = await page.locator('html').evaluate((html) => html.scrollHeight);
  await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width: SIZE.width, height: Math.min(height, PICTURE_HEIGHT) } });
}

async function see(page: Page, file: string): Promise<SeenPage> {
  const [troubles, requests]: [string[], string[]] = [[], []];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) requests.push(request.url());
  });
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector('html[data-drawn="true"]', { state: 'attached' });
  const texts = (selector: string): Promise<readonly string[]> => page.locator(selector).allInnerTexts();
  const panels: SeenPanel[] = [];
  for (const panel of await page.locator('[data-panel]').all()) {
    const content = panel.locator('.body > :not(script)').first();
    panels.push({
      id: (await panel.getAttribute('data-panel')) ?? '',
      kind: (await panel.getAttribute('data-kind')) ?? '',
      text: [await panel.innerText(), ...(await panel.locator('svg text').allTextContents())].join(' '),
      shapes: await panel.locator('svg path').count(),
      isVisible: await content.isVisible(),
    });
  }
  const links = await page.locator('a').evaluateAll((found) => found.map((link) => link.getAttribute('href') ?? ''));
  return { title: await page.title(), notice: (await texts('.notice')).join(' '), controls: await texts('[data-control]'), panels, links, troubles, requests };
}
