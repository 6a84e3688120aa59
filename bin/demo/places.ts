/** Where the demo's parts live: everything on loopback, on ports of its own next to each other. */
export interface Places {
  host: '127.0.0.1';
  page: number;
  gateway: number;
  gatewayStatus: number;
  mailbox: number;
  smtp: number;
  control: number;
  direct: { anthropic: number; openai: number; google: number };
  directStatus: number;
  controls: [number, number, number];
}

export function placesFrom(first: number): Places {
  return {
    host: '127.0.0.1',
    page: first,
    gateway: first + 1,
    gatewayStatus: first + 2,
    mailbox: first + 3,
    smtp: first + 4,
    control: first + 5,
    direct: { anthropic: first + 6, openai: first + 7, google: first + 8 },
    directStatus: first + 9,
    controls: [first + 10, first + 11, first + 12],
  };
}

export const firstPort = 3900;
