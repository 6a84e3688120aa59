import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** The system's Chromium where there is one, else the one from npm. Its own list of switches is left out on purpose. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await browserPath(), args: browserSwitches });
}

export const browserSwitches = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];

export async function browserPath(): Promise<string> {
  const system = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  );
  return system ?? (await packaged());
}

async function packaged(): Promise<string> {
  const { default: npm } = await import('@sparticuz/chromium');
  return npm.executablePath();
}
