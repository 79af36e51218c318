package io.millrace.jobs;

import io.millrace.MillraceException;
import io.millrace.SpecException;
import io.millrace.config.EnvSpec;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.mirror.MlflowMirror;
import io.millrace.jobs.mirror.Patience;
import io.millrace.table.Lake;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tells the servers that a place names what the lake says. */
final class Mirrors {

  private final EnvSpec environment;
  private final Map<String, String> variables;
  private final Lake lake;
  private final Console console;

  /**
   * @param variables of the process, which hold the credentials
   */
  Mirrors(EnvSpec environment, Map<String, String> variables, Lake lake, Console console) {
    this.environment = environment;
    this.variables = variables;
    this.lake = lake;
    this.console = console;
  }

  /** After a command: what fails is one warning, since the next command catches up. */
  void after(String pipeline) {
    if (environment.mlflow().isEmpty()) {
      return;
    }
    try {
      tell(pipeline, Patience.brief());
    } catch (RuntimeException e) {
      String what = e instanceof MillraceException ? e.getMessage() : "mirror: a bug: " + e;
      console.warn(
          what.lines().findFirst().orElse("")
              + "; nothing is lost: the next training, or `millrace mirror "
              + pipeline
              + "`, tells the rest");
    }
  }

  /** As a command of its own: what fails is its fault. */
  void now(String pipeline) {
    if (environment.mlflow().isEmpty()) {
      throw new SpecException(
          "mirror: this place names no server to tell; add mlflow: {uri: https://…} to its file in"
              + " conf/env");
    }
    MlflowMirror.Told told = tell(pipeline, Patience.ample());
    console.print(pipeline + ": " + said(told));
  }

  private MlflowMirror.Told tell(String pipeline, Patience patience) {
    ModelFacts facts = new ModelFacts(lake, pipeline);
    return new MlflowMirror(environment.mlflow().orElseThrow(), variables, patience)
        .bring(pipeline, facts.models(), facts.champion());
  }

  private static String said(MlflowMirror.Told told) {
    List<String> said = new ArrayList<>();
    if (told.models() > 0) {
      said.add("was told of " + told.models() + (told.models() == 1 ? " model" : " models"));
    }
    told.champion().ifPresent(version -> said.add("has " + version + " as champion now"));
    return "MLflow " + (said.isEmpty() ? "knows all" : String.join(", ", said));
  }
}
