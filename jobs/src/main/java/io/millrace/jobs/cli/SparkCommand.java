package io.millrace.jobs.cli;

import java.util.List;

/** A command that needs Spark, and so may have to run elsewhere. */
interface SparkCommand {

  /** Options that it would find out here and nowhere else, such as today's date. */
  default List<String> settled() {
    return List.of();
  }

  /** What it is, as far as running it elsewhere goes. */
  Elsewhere.Task task(String word);
}
