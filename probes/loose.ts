export * from '#lib/core/loose.ts';
