/** An argument of a script. */
export type Argument = string | number;
