/** Reading it opens a file, and a process without file descriptors must still be able to say that it lives. */
export function memoryUsage(): { rssMb: number | null; heapMb: number | null } {
  try {
    const { rss, heapUsed } = process.memoryUsage();
    return { rssMb: Math.round(rss / 1e5) / 10, heapMb: Math.round(heapUsed / 1e5) / 10 };
  } catch {
    return { rssMb: null, heapMb: null };
  }
}
