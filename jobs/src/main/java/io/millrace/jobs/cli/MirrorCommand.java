package io.millrace.jobs.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tells other servers what the lake says. */
@Command
final class MirrorCommand implements Callable<Integer> {

  private final Context context;

  @Parameters(
      arity = "0..1",
      paramLabel = "PIPELINE",
      description = "Only this pipeline (default: all).")
  private String pipeline;

  @Mixin private PlaceOptions options;

  MirrorCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return context
        .verbs()
        .get()
        .mirror(Optional.ofNullable(pipeline), options.place(), context.console());
  }
}
