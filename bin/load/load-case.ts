export interface LoadLine {
  figure: string;
  value: number;
  unit: string;
  limit?: number;
  note?: string;
}

/** One load case: its pass lines are limits, printed beside what was measured. */
export interface LoadCase {
  title: string;
  run(print: (line: LoadLine) => void): Promise<void>;
}
