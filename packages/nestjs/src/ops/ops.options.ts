/** Who this process is, for `onlyonce_build_info`. */
export interface OnlyonceOpsOptions {
  readonly service: string;
  readonly version: string;
  readonly env: string;
}
