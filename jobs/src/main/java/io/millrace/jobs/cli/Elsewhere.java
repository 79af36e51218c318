package io.millrace.jobs.cli;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Runs a command in another process, where its place says so. */
public interface Elsewhere {

  /** All commands run here. */
  Elsewhere NOWHERE = (task, arguments) -> OptionalInt.empty();

  /**
   * A command that needs Spark.
   *
   * @param name what it is, in a few words
   * @param pipelines names or paths of the specs that it reads
   * @param detachable whether it may run where nobody types and no file of this machine is
   */
  record Task(String name, List<String> pipelines, Place place, boolean detachable) {

    public Task {
      pipelines = List.copyOf(pipelines);
    }
  }

  /**
   * Runs the command there.
   *
   * @param arguments of the program; asked for only where it runs there
   * @return its exit code, or nothing where it has to run here
   */
  OptionalInt run(Task task, Supplier<List<String>> arguments);
}
