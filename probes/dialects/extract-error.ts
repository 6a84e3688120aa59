export * from '#lib/error-facts.ts';
