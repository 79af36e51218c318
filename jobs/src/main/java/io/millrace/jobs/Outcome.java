package io.millrace.jobs;

/** What a job did. */
enum Outcome {
  /** It wrote. */
  DONE,
  /** The same run stands there already. */
  ALREADY_DONE,
  /** It had nothing to work on, and said so. */
  NOTHING
}
