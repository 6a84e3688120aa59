import { availabilityText } from '#lib/core/availability.ts';

/** `99.99`, `100`, or null where too little was measured to say. */
export function shareText(share: number | null, badS: number, coverage: number): string | null {
  return availabilityText({ share, badS, coverage });
}

export function percentText(share: number): string {
  return String(Math.floor(share * 100));
}
